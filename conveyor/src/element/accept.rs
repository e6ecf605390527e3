//! Which values may stand behind a keyword. The marker `M` only keeps the implementations apart (as in axum and
//! bevy): it is always inferred, because for any given type at most one of them holds.

#![allow(clippy::type_complexity)] // only inference writes these types

use crate::element::adapt::{OfExpand, OfFn, OfFnRef, OfInPlace, OfIterator, OfProcessor, OfSink, OfSource};
use crate::element::role::{Consume, Map, Role};
use crate::element::step::{Pump, Step};
use crate::element::travels::{Known, Nothing, Unknown};
use crate::{Expand, InPlace, Message, Processor, Sink, Source};
use std::marker::PhantomData;

/// The value behind `processor` (and its relatives) or `sink`.
pub trait Accept<R, M> {
    /// What runs.
    type Step: Step;
    /// Turns the value into what runs.
    fn into_step(self) -> Self::Step;
}

/// `Accept`, for the error at the value: as with [`Travels`](super::travels::Travels), a value that is not accepted
/// has none of two implementations, so that rustc names this trait and nothing of what it is for.
#[diagnostic::on_unimplemented(
    message = "CV002: `{Self}` is not a Conveyor processor",
    label = "neither a processor nor a function from message to message",
    note = "implement `Processor` (one output per input) or `Expand` (0..n outputs) for it, or write a closure: \
            `processor(|x: T| ..)`",
    note = "a function takes one argument, and both that and what it returns derive `Message`",
    note = "`try_map` takes what returns a `Result`, `filter_map` an `Option`, `flat_map` what can be iterated over",
    note = "if a constructor returns a `Result`, put `?` behind it; a named pipeline is declared: `pipeline name = Path;`"
)]
pub trait Accepted<R, M, K>: Accept<R, M> + Sized {
    /// Stands at the value.
    fn accepted(_: PhantomData<(Self, R, M)>) {}
}
impl<X: Accept<R, M>, R, M> Accepted<R, M, Known> for X {}
impl<X: Accept<R, M> + Nothing, R, M> Accepted<R, M, Unknown> for X {}

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
    R: Role<B>,
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
    R: Role<B>,
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

/// The value behind `source`.
pub trait AcceptSource<M> {
    /// What runs.
    type Pump: Pump;
    /// Turns the value into what runs.
    fn into_pump(self) -> Self::Pump;
}

/// `AcceptSource`, for the error at the value.
#[diagnostic::on_unimplemented(
    message = "CV002: `{Self}` is not a Conveyor source",
    label = "neither a source nor an iterator over messages",
    note = "implement `Source` for it, or give anything that iterates over messages: types that derive `Message`"
)]
pub trait AcceptedSource<M, K>: AcceptSource<M> + Sized {
    /// Stands at the value.
    fn accepted(_: PhantomData<(Self, M)>) {}
}
impl<X: AcceptSource<M>, M> AcceptedSource<M, Known> for X {}
impl<X: AcceptSource<M> + Nothing, M> AcceptedSource<M, Unknown> for X {}

/// Marks a [`Source`].
pub enum BySource {}
impl<S: Source> AcceptSource<BySource> for S {
    type Pump = OfSource<S>;
    fn into_pump(self) -> Self::Pump {
        OfSource(self)
    }
}

/// Marks something that iterates over messages.
pub enum ByIterator {}
impl<I: IntoIterator<Item: Message>> AcceptSource<ByIterator> for I {
    type Pump = OfIterator<I::IntoIter>;
    fn into_pump(self) -> Self::Pump {
        OfIterator(self.into_iter())
    }
}
