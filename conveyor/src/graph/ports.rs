//! The graph as types. Nothing here runs: these calls only let the compiler infer, check and complain at the arrow.

#![allow(clippy::type_complexity)] // only inference writes these types

use crate::Message;
pub use crate::element::port::{Port, port};
use crate::element::rate::Rate;
use crate::value::{AnyPort, Gather, copier};
use std::marker::PhantomData;

/// What the user's name stands for: hovering over it shows its types.
pub struct Node<In, Out> {
    /// What it takes.
    pub input: Port<In>,
    /// What it gives.
    pub output: Port<Out>,
}
impl<In, Out> Clone for Node<In, Out> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<In, Out> Copy for Node<In, Out> {}

/// What a named fork or join stands for: it takes and gives the same.
pub fn through<T>(at: Port<T>) -> Node<T, T> {
    Node { input: at, output: at }
}

/// An edge. Two steps on purpose: both types are known before the bound is checked, so that a mismatch is reported by
/// `on_unimplemented` at the arrow, and not as a bare E0308.
pub struct Between<A, B>(PhantomData<fn(A) -> B>);

/// The edge between two ports.
pub fn between<A, B>(_from: Port<A>, _to: Port<B>) -> Between<A, B> {
    Between(PhantomData)
}

impl<A, B> Between<A, B> {
    /// Checks the two by a rule: `FlowsInto::flows` at an arrow, `IsDeclared::declared` at the header.
    pub fn holds(self, _rule: fn(Self)) {}
}

/// `A` flows into `B` only if they are one type.
#[diagnostic::on_unimplemented(
    message = "CV017: `{Self}` comes out on the left of this arrow, but `{T}` is taken on the right",
    label = "carries `{Self}`, but leads to `{T}`",
    note = "put a processor in between that turns one into the other"
)]
pub trait FlowsInto<T>: Sized {
    /// Stands at the arrow.
    fn flows(_: Between<Self, T>) {}
}
impl<T> FlowsInto<T> for T {}

/// The header's type is the graph's.
#[diagnostic::on_unimplemented(
    message = "CV017: the header declares `{T}`, but the graph has `{Self}` at this end",
    label = "the graph says `{Self}`"
)]
pub trait IsDeclared<T>: Sized {
    /// Stands at the header's type.
    fn declared(_: Between<Self, T>) {}
}
impl<T> IsDeclared<T> for T {}

/// The open ends of a pipeline and its rate.
pub struct Ends<In, Out, R>(PhantomData<(fn(In) -> Out, R)>);

/// The open ends; `()` stands for an end that is closed by a source or by sinks.
pub fn ends<In: Message, Out: Message, R: Rate>(_: Port<In>, _: Port<Out>, _: RateOf<R>) -> Ends<In, Out, R> {
    Ends(PhantomData)
}

/// The rate of an element or of a chain of them.
pub struct RateOf<R>(PhantomData<R>);

/// A rate whose type is known from elsewhere.
pub fn rate<R>() -> RateOf<R> {
    RateOf(PhantomData)
}

impl<R: Rate> RateOf<R> {
    /// Checks the rate by a rule: `OneToOne::holds` inside a zip.
    pub fn is(self, _rule: fn(PhantomData<R>)) {}
    /// This one, then that one.
    pub fn then<S: Rate>(self, _: RateOf<S>) -> RateOf<R::Then<S>> {
        RateOf(PhantomData)
    }
}

/// A value as it is: the macro says by the call's place where it comes from.
pub fn same<T>(value: T) -> T {
    value
}

/// What enters a replicated fork.
#[diagnostic::on_unimplemented(
    message = "CV022: every branch of a replicated fork gets every message, but `{Self}` cannot be cloned",
    label = "`{Self}` is not `Clone`",
    note = "write `#[derive(Clone)]` above `{Self}`, or let the branches share the messages: `balanced fork`"
)]
pub trait Copies: Message {
    /// Stands at the fork.
    fn copier(_: Port<Self>) -> Copier;
}
#[diagnostic::do_not_recommend]
impl<T: Message + Clone> Copies for T {
    fn copier(_: Port<T>) -> Copier {
        Copier(copier::<T>)
    }
}

/// How to clone what enters a replicated fork.
pub struct Copier(pub(crate) fn() -> AnyPort);

/// Several ports side by side, which a zip makes a tuple of.
pub trait Zip {
    /// The tuple of what the ports carry.
    type Tuple: Gather;
}

macro_rules! zip {
    ($($t:ident)+) => {
        impl<$($t: Message),+> Zip for ($(Port<$t>,)+) {
            type Tuple = ($($t,)+);
        }
    };
}
zip!(A B);
zip!(A B C);
zip!(A B C D);
zip!(A B C D E);
zip!(A B C D E F);
zip!(A B C D E F G);
zip!(A B C D E F G H);
zip!(A B C D E F G H I);
zip!(A B C D E F G H I J);
zip!(A B C D E F G H I J K);
zip!(A B C D E F G H I J K L);
