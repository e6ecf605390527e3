//! Which values may stand behind a keyword. The marker `M` only keeps the implementations apart (as in axum and
//! bevy): it is always inferred, because for any given type at most one of them holds.

#![allow(clippy::type_complexity)] // only inference writes these types

use crate::element::adapt::{OfExpand, OfFn, OfFnRef, OfInPlace, OfIterator, OfProcessor, OfSink, OfSource};
use crate::element::role::{Consume, Give, Map};
use crate::element::step::{Pump, Step};
use crate::{Expand, InPlace, Message, Processor, Sink, Source};
use std::marker::PhantomData;

/// The value behind `processor` (and its relatives) or `sink`.
pub trait Accept<R, M> {
    /// What runs.
    type Step: Step;
    /// Turns the value into what runs.
    fn into_step(self) -> Self::Step;
}

/// What a function borrows and gives, for the error at one that cannot stand in a pipeline.
#[diagnostic::on_unimplemented(
    message = "CV002: a function that takes `&{Self}` and gives `{B}` cannot stand here",
    label = "takes `&{Self}`, gives `{B}`",
    note = "what it takes by reference is the view of a message: `&str` of a `String`, `&[T]` of a `Vec<T>`, `&T` of a plain \
            `T`; any other message it takes by value, or from a closure: `|x: Name| function(&x)`",
    note = "what it gives is owned: a `String` where it is `&str`"
)]
pub trait Borrowing<B> {
    /// Stands at the function.
    fn borrowing(_: PhantomData<fn(&Self) -> B>) {}
}
/// Of a value that is accepted nothing more is asked.
#[diagnostic::do_not_recommend]
impl Borrowing<()> for () {}

/// There are two implementations to choose from, and nothing has the second. So where the first does not hold rustc says
/// that there is none, and nothing of why.
pub enum Known {}
/// See [`Known`].
pub enum Unknown {}
/// For a third implementation, where what is known of one type is not to decide another: the second and the third hold
/// for types that are [`Nothing`], so while that other type is unknown, all of them may.
pub enum Undecided {}
/// What nothing is.
pub trait Nothing: Sized {
    /// Never called.
    fn nothing() -> Self;
}

/// Marks a [`Processor`].
pub enum ByProcessor {}
impl<P: Processor> Accept<Map, ByProcessor> for P {
    type Step = OfProcessor<P>;
    fn into_step(self) -> Self::Step {
        OfProcessor(self)
    }
}

/// Marks an [`InPlace`].
pub enum ByInPlace {}
impl<P: InPlace> Accept<Map, ByInPlace> for P {
    type Step = OfInPlace<P>;
    fn into_step(self) -> Self::Step {
        OfInPlace(self)
    }
}

/// Marks an [`Expand`].
pub enum ByExpand {}
impl<X: Expand> Accept<Map, ByExpand> for X {
    type Step = OfExpand<X>;
    fn into_step(self) -> Self::Step {
        OfExpand(self)
    }
}

/// Marks a [`Sink`].
pub enum BySink {}
impl<S: Sink> Accept<Consume, BySink> for S {
    type Step = OfSink<S>;
    fn into_step(self) -> Self::Step {
        OfSink(self)
    }
}

/// Marks a function that owns its argument.
pub struct ByFn<A, B>(PhantomData<(A, B)>);
/// The order of the bounds matters: `A` must be known from `F` before it is asked whether it is a message. So
/// `fn(&str)` fails here and is left to the next implementation.
impl<R, F, A, B> Accept<R, ByFn<A, B>> for F
where
    F: FnMut(A) -> B,
    A: Message,
    R: Give<B>,
{
    type Step = OfFn<R, F, A, B>;
    fn into_step(self) -> Self::Step {
        OfFn(self, PhantomData)
    }
}

/// Marks a function that borrows its argument. The markers are two types, not `fn(A)` and `fn(&V)`: those overlap
/// under a future-compatibility lint.
pub struct ByFnRef<V: ?Sized, B>(PhantomData<(fn(&V), B)>);
impl<R, F, V: ?Sized, B> Accept<R, ByFnRef<V, B>> for F
where
    F: for<'a> FnMut(&'a V) -> B,
    V: Borrowed,
    R: Give<B>,
{
    type Step = OfFnRef<R, F, V::Message, B>;
    fn into_step(self) -> Self::Step {
        OfFnRef(self, PhantomData)
    }
}

/// The message behind a reference: `String` for `&str`. Only function paths and first closures need it.
pub trait Borrowed: 'static {
    /// The message whose view is a reference to `Self`.
    type Message: for<'a> Message<View<'a> = &'a Self>;
}
impl Borrowed for str {
    type Message = String;
}
impl<T: for<'a> Message<View<'a> = &'a T, Run<'a> = &'a [T]>> Borrowed for [T] {
    type Message = Vec<T>;
}
impl<T: for<'a> Message<View<'a> = &'a T>> Borrowed for T {
    type Message = T;
}

/// The value behind `source`, whether or not it gives messages.
pub trait Iterates<M> {
    /// What it gives.
    type Out;
}

/// The value behind `source`.
pub trait AcceptSource<M>: Iterates<M, Out: Message> {
    /// What runs.
    type Pump: Pump<Out = Self::Out>;
    /// Turns the value into what runs.
    fn into_pump(self) -> Self::Pump;
}

/// `Iterates`, for the error at the value.
#[diagnostic::on_unimplemented(
    message = "CV002: `{Self}` is not a Conveyor source",
    label = "neither a source nor an iterator",
    note = "implement `Source` for it, or give anything that iterates over messages; a closure is made an iterator by \
            `std::iter::from_fn`, and a constructor is called: `source(Name::new())`"
)]
pub trait AcceptedSource<M, K>: Iterates<M> + Sized {
    /// Stands at the value.
    fn accepted(_: PhantomData<(Self, M)>) {}
}
impl<X: Iterates<M>, M> AcceptedSource<M, Known> for X {}
impl<X: Iterates<M> + Nothing, M> AcceptedSource<M, Unknown> for X {}

/// Marks a [`Source`].
pub enum BySource {}
impl<S: Source> Iterates<BySource> for S {
    type Out = S::Out;
}
impl<S: Source> AcceptSource<BySource> for S {
    type Pump = OfSource<S>;
    fn into_pump(self) -> Self::Pump {
        OfSource(self)
    }
}

/// Marks something that can be iterated over.
pub enum ByIterator {}
impl<I: IntoIterator> Iterates<ByIterator> for I {
    type Out = I::Item;
}
impl<I: IntoIterator<Item: Message>> AcceptSource<ByIterator> for I {
    type Pump = OfIterator<I::IntoIter>;
    fn into_pump(self) -> Self::Pump {
        OfIterator(self.into_iter())
    }
}
