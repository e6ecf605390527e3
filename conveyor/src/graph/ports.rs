//! The graph as types. Nothing here runs: these calls only let the compiler infer, check and complain at the arrow.

#![allow(clippy::type_complexity)] // only inference writes these types

use crate::Message;
use crate::element::accept::{Nothing, Undecided, Unknown};
pub use crate::element::port::{Port, port};
use crate::element::rate::Rate;
use crate::message::Derived;
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

impl<In, Out: Message> Node<In, Out> {
    /// What leaves the element. `Travels::travels` is there for elements that give no messages.
    pub fn gives(self, _travels: fn(Port<()>)) -> Port<Out> {
        self.output
    }
}

/// An element that gives a type which derives `Message`, but has a part that is none: that was said where it is declared.
pub trait GivesDeclared<Out> {
    /// What leaves the element.
    fn gives(self, _travels: fn(Port<()>)) -> Port<Out>;
}

impl<In, Out: Derived> GivesDeclared<Out> for Node<In, Out> {
    fn gives(self, _travels: fn(Port<()>)) -> Port<Out> {
        self.output
    }
}

/// An element that gives what it takes, and that is no message: it was refused where it comes from.
pub trait HandsOn {
    /// A port of who knows what.
    fn gives<T>(self, _travels: fn(Port<()>)) -> Port<T>;
}

impl<A> HandsOn for &Node<A, A> {
    fn gives<T>(self, _travels: fn(Port<()>)) -> Port<T> {
        port()
    }
}

/// An element that gives what is no message: that is said at its code.
pub trait Gives<Out> {
    /// A port of who knows what: the error has been reported.
    fn gives<T>(self, _travels: fn(Port<Out>)) -> Port<T>;
}

impl<In, Out> Gives<Out> for &mut Node<In, Out> {
    fn gives<T>(self, _travels: fn(Port<Out>)) -> Port<T> {
        port()
    }
}

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
    /// Checks the two by a rule: `FlowsInto::flows` at an arrow.
    pub fn holds(self, _rule: fn(Self)) {}
}

/// `A` flows into `B` only if they are one type.
#[diagnostic::on_unimplemented(
    message = "CV017: `{Self}` comes out on the left of this arrow, but `{T}` is taken on the right",
    label = "carries `{Self}`, but leads to `{T}`",
    note = "put a processor in between that turns one into the other; `try_map` takes its value out of a `Result`, \
            `filter_map` out of an `Option`"
)]
#[doc(hidden)]
pub trait FlowsInto<T>: Sized {
    /// Stands at the arrow.
    fn flows(_: Between<Self, T>) {}
}
impl<T> FlowsInto<T> for T {}

/// The same where a pipeline is left.
#[diagnostic::on_unimplemented(
    message = "CV017: the pipeline on the left of this arrow gives `{Self}`, but `{T}` is taken on the right",
    label = "carries `{Self}`, but leads to `{T}`",
    note = "put a processor in between that turns one into the other; a pipeline that ends in sinks gives `()`, and nothing \
            can follow it: let it end a branch or a statement"
)]
#[doc(hidden)]
pub trait Leaves<T>: Sized {
    /// Stands at the arrow.
    fn leaves(_: Between<Self, T>) {}
}
impl<T> Leaves<T> for T {}

/// The same where a pipeline is entered.
#[diagnostic::on_unimplemented(
    message = "CV017: `{Self}` comes out on the left of this arrow, but the pipeline on the right takes `{T}`",
    label = "carries `{Self}`, but leads to `{T}`",
    note = "put a processor in between that turns one into the other; a pipeline that starts with sources of its own takes \
            `()`, and nothing can lead to it"
)]
#[doc(hidden)]
pub trait Enters<T>: Sized {
    /// Stands at the arrow.
    fn enters(_: Between<Self, T>) {}
}
impl<T> Enters<T> for T {}

/// The same where a branch of a fork begins: no arrow leads to it.
#[diagnostic::on_unimplemented(
    message = "CV017: this branch of the fork gets `{Self}`, but takes `{T}`",
    label = "gets `{Self}`, but takes `{T}`",
    note = "put a processor in front that turns one into the other"
)]
#[doc(hidden)]
pub trait Begins<T>: Sized {
    /// Stands at the branch's first element.
    fn begins(_: Between<Self, T>) {}
}
impl<T> Begins<T> for T {}

/// The same where branches come together at one arrow.
#[diagnostic::on_unimplemented(
    message = "CV017: this branch of the fork gives `{Self}`, but the first one gives `{T}`",
    label = "gives `{Self}`, but the first branch gives `{T}`",
    note = "what a join or a pipe carries has one type: put a processor behind this one that turns one into the other; behind \
            a replicated fork, `join zip` makes a tuple of both"
)]
#[doc(hidden)]
pub trait Agrees<T>: Sized {
    /// Stands at the branch's last element.
    fn agrees(_: Between<Self, T>) {}
}
impl<T> Agrees<T> for T {}

/// The header's type is the graph's: where the graph has none, because an element has been refused, it is the header's,
/// unless that is no message either: then it may be the one that was refused.
#[diagnostic::on_unimplemented(
    message = "CV017: the header declares `{Self}`, but the graph has `{T}` at this end",
    label = "the graph says `{T}`",
    note = "write `{T}` here, or change the element at this end; `try_map` takes its value out of a `Result`, `filter_map` \
            out of an `Option`"
)]
#[doc(hidden)]
pub trait IsDeclared<T, K>: Sized {
    /// Stands at the header's type.
    fn declared(_: Between<Self, T>, _: PhantomData<K>) {}
}
impl<T> IsDeclared<T, ()> for T {}
impl<A, T: Nothing> IsDeclared<T, Unknown> for A {}
impl<A, T: Nothing> IsDeclared<T, Undecided> for A {}

impl<A: Message, B: Message> Between<A, B> {
    /// Checks the header's type, which is the graph's where the graph has none.
    pub fn agrees(self, _rule: fn(Self, PhantomData<()>)) {}
}

/// A graph with a type that is no message at this end: that was said where the type comes from.
pub trait IsWrong {
    /// Asks nothing.
    fn agrees(self, _rule: fn(Between<(), ()>, PhantomData<()>));
}
impl<A: Message, B> IsWrong for &Between<A, B> {
    fn agrees(self, _rule: fn(Between<(), ()>, PhantomData<()>)) {}
}

/// A header with a type that is no message: nothing is concluded from it.
pub trait Disagrees<A, B> {
    /// Checks it against the graph, if that has a type.
    fn agrees<K>(self, _rule: fn(Between<A, B>, PhantomData<K>));
}
impl<A, B> Disagrees<A, B> for &mut Between<A, B> {
    fn agrees<K>(self, _rule: fn(Between<A, B>, PhantomData<K>)) {}
}

/// The port of a pipeline to which nothing leads, or behind which nothing stands, where another element is the open
/// end.
pub fn closed<A>(_: Port<A>) -> Closed<A> {
    Closed(PhantomData)
}

/// See [`closed`].
pub struct Closed<A>(PhantomData<A>);

impl<A> Closed<A> {
    /// Checks it by a rule: `ClosedBySources::by_sources` where nothing leads to it, `ClosedBySinks::by_sinks` where
    /// nothing stands behind it.
    pub fn holds(self, _rule: fn(Self)) {}
}

impl Closed<()> {
    /// The end beside this one, which the header is compared with.
    pub fn beside<T>(self, others: Port<T>) -> Port<T> {
        others
    }
}

/// A pipeline that is open there: that was said at its name, and it may be what the header means.
pub trait Unclosed {
    /// A port of who knows what.
    fn beside<T, U>(self, others: Port<T>) -> Port<U>;
}
impl<A> Unclosed for &Closed<A> {
    fn beside<T, U>(self, _others: Port<T>) -> Port<U> {
        port()
    }
}

/// An open head that is none.
#[diagnostic::on_unimplemented(
    message = "CV023: nothing leads to this pipeline, but it takes `{Self}`",
    label = "takes `{Self}` from nobody",
    note = "lead an arrow to it; only one element of a graph can take the caller's messages, and an item without types in \
            its header takes none"
)]
pub trait ClosedBySources: Sized {
    /// Stands at the pipeline's name.
    fn by_sources(_: Closed<Self>) {}
}
#[diagnostic::do_not_recommend]
impl ClosedBySources for () {}

/// An open end that is none.
#[diagnostic::on_unimplemented(
    message = "CV023: nothing takes the `{Self}` that this pipeline gives",
    label = "gives `{Self}` to nobody",
    note = "lead an arrow from it, to a join or a sink; only one element of a graph can give messages to the caller \
            (where it is this one, write `-> pipe` behind it), and an item without types in its header gives none"
)]
pub trait ClosedBySinks: Sized {
    /// Stands at the pipeline's name.
    fn by_sinks(_: Closed<Self>) {}
}
#[diagnostic::do_not_recommend]
impl ClosedBySinks for () {}

/// The open ends of a pipeline and its rate.
pub struct Ends<In, Out, R>(PhantomData<(fn(In) -> Out, R)>);

/// The open ends; `()` stands for an end that is closed by a source or by sinks.
pub fn ends<In, Out, R: Rate>(_: Port<In>, _: Port<Out>, _: RateOf<R>) -> Ends<In, Out, R> {
    Ends(PhantomData)
}

/// The rate of an element or of a chain of them.
pub struct RateOf<R>(PhantomData<R>);

/// A rate whose type is known from elsewhere.
pub fn rate<R>() -> RateOf<R> {
    RateOf(PhantomData)
}

impl<R: Rate> RateOf<R> {
    /// Checks the rate by a rule: `OneToOne::holds` inside a zip, `Straight::straight` of a pipeline inside a region.
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
