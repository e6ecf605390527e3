//! A processor, a sink or a source whose own implementation has errors: its types are no messages, and nothing more is
//! said of them.

use crate::element::rate::Rate;
use crate::graph::ports::{Port, RateOf, port, rate};
use std::marker::PhantomData;

/// Stands for the [`Element`](super::Element).
pub struct Reported<X, In, Out, R> {
    /// Never run.
    pub recipe: X,
    kind: PhantomData<(fn(In) -> Out, R)>,
}

impl<X, In, Out, R: Rate> Reported<X, In, Out, R> {
    pub(super) fn new(recipe: X) -> Self {
        Reported { recipe, kind: PhantomData }
    }
    /// Its two ports.
    pub fn node(&self) -> ReportedNode<In, Out> {
        ReportedNode { input: port(), output: port() }
    }
    /// Its rate.
    pub fn rate(&self) -> RateOf<R> {
        rate()
    }
    /// The port of the header's type in front of it: it may be what was reported.
    pub fn under(&self, _header: Port<In>) -> ReportedPort {
        ReportedPort
    }
}

/// As [`Node`](crate::graph::ports::Node), of which nothing more is said.
pub struct ReportedNode<In, Out> {
    /// What it takes.
    pub input: Port<In>,
    /// What it gives.
    pub output: Port<Out>,
}

impl<In, Out> ReportedNode<In, Out> {
    /// What leaves the element.
    pub fn gives(self, _travels: fn(Port<()>)) -> Port<Out> {
        self.output
    }
}

/// The port of a header's type, of which nothing more is said.
pub struct ReportedPort;

impl ReportedPort {
    /// A closed end.
    pub fn checked(self, _travels: fn(Port<()>)) -> Port<()> {
        port()
    }
}
