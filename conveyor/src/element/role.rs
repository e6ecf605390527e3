//! The keyword in front of a closure says what its return value means.

use crate::element::rate::{Many, One, Rate};
use crate::{Failure, Message, Outlet, Result};
use std::marker::PhantomData;

/// What the value of a closure becomes. Each role has exactly one implementation, and that gives the closure's
/// return type an expectation: a wrong `filter_map` is rustc's plain "expected `Option<_>`" at the body.
///
/// It does not ask whether messages are given: where they are none, that is said once, by
/// `rules::Travels`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` element cannot give `{B}`",
    label = "returns `{B}`",
    note = "`processor` returns a message, `try_map` a `Result`, `filter_map` an `Option`, `flat_map` something that \
            iterates over messages, `sink` nothing"
)]
pub trait Role<B>: sealed::Sealed + Copy + 'static {
    /// What leaves the element.
    type Out;
    /// How many of them per input.
    type Rate: Rate;
}

/// A role whose element gives messages.
pub trait Give<B>: Role<B, Out: Message> {
    /// Pushes what the closure has returned.
    ///
    /// # Errors
    /// The closure's own error (`try_map`), or the outlet's.
    fn give(value: B, out: &mut impl Outlet<Self::Out>) -> Result<()>;
}

/// The error of a `try_map`.
#[diagnostic::on_unimplemented(
    message = "the error of this `try_map` is `{Self}`, which does not convert into `conveyor::Failure`",
    label = "fails with `{Self}`",
    note = "every type that implements `std::error::Error` converts, and so does `conveyor::Failure` itself; a text becomes \
            one by `.map_err(conveyor::Failure::new)`, or where it is written: `Err(conveyor::Failure::new(\"..\"))`"
)]
#[doc(hidden)]
pub trait Fails: Sized {
    /// Stands at the code.
    fn fails(_: PhantomData<Self>) {}
}
#[diagnostic::do_not_recommend]
impl<E: Into<Failure>> Fails for E {}

/// A role that claims `One` and pushes nothing would publish a slot without a value: so there are only these.
mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Map {}
    impl<E> Sealed for super::TryMap<E> {}
    impl Sealed for super::FilterMap {}
    impl Sealed for super::FlatMap {}
    impl Sealed for super::Consume {}
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident $named:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $role;
        $(#[$doc])*
        pub fn $named() -> $role {
            $role
        }
    )*};
}
roles! {
    /// `processor(...)`
    Map map
    /// `filter_map(...)`
    FilterMap filter_map
    /// `flat_map(...)`
    FlatMap flat_map
    /// `sink(...)`
    Consume consume
}

/// `try_map(...)`, which fails with `E`.
pub struct TryMap<E>(PhantomData<fn(E)>);
impl<E> Clone for TryMap<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for TryMap<E> {}
/// `try_map(...)`: `Fails::fails` is there for its error.
pub fn try_map<E>(_fails: fn(PhantomData<E>)) -> TryMap<E> {
    TryMap(PhantomData)
}

impl<B> Role<B> for Map {
    type Out = B;
    type Rate = One;
}
impl<B: Message> Give<B> for Map {
    #[inline(always)]
    fn give(value: B, out: &mut impl Outlet<B>) -> Result<()> {
        out.push(value)
    }
}

impl<T, E: 'static> Role<Result<T, E>> for TryMap<E> {
    type Out = T;
    type Rate = One;
}
impl<T: Message, E: Into<Failure> + 'static> Give<Result<T, E>> for TryMap<E> {
    #[inline(always)]
    fn give(value: Result<T, E>, out: &mut impl Outlet<T>) -> Result<()> {
        out.push(value.map_err(Into::into)?)
    }
}

impl<T> Role<Option<T>> for FilterMap {
    type Out = T;
    type Rate = Many;
}
impl<T: Message> Give<Option<T>> for FilterMap {
    #[inline(always)]
    fn give(value: Option<T>, out: &mut impl Outlet<T>) -> Result<()> {
        value.map_or(Ok(()), |value| out.push(value))
    }
}

impl<I: IntoIterator> Role<I> for FlatMap {
    type Out = I::Item;
    type Rate = Many;
}
impl<I: IntoIterator<Item: Message>> Give<I> for FlatMap {
    #[inline(always)]
    fn give(value: I, out: &mut impl Outlet<I::Item>) -> Result<()> {
        value.into_iter().try_for_each(|item| out.push(item))
    }
}

impl Role<()> for Consume {
    type Out = ();
    type Rate = Many;
}
impl Give<()> for Consume {
    #[inline(always)]
    fn give(_: (), _: &mut impl Outlet<()>) -> Result<()> {
        Ok(())
    }
}
