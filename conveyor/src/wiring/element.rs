//! An element that has been wired.

use crate::element::rate::Rate;
use crate::graph::ports::{Node, RateOf, port, rate};
use std::marker::PhantomData;

/// Its recipe and its types.
pub struct Element<X, In, Out, R> {
    /// How to make it.
    pub recipe: X,
    kind: PhantomData<(fn(In) -> Out, R)>,
}

impl<X, In, Out, R> Element<X, In, Out, R> {
    pub(crate) fn new(recipe: X) -> Self {
        Element { recipe, kind: PhantomData }
    }
}

impl<X: Copy, In, Out, R: Rate> Element<X, In, Out, R> {
    /// Its two ports.
    pub fn node(&self) -> Node<In, Out> {
        Node { input: port(), output: port() }
    }
    /// Its rate.
    pub fn rate(&self) -> RateOf<R> {
        rate()
    }
}
