//! The keyword in front of a closure says what its return value means.

use crate::element::rate::{Many, One, Rate};
use crate::{Failure, Message, Outlet, Result};

/// What the value of a closure becomes. Each role has exactly one implementation, and that gives the closure's
/// return type an expectation: a wrong `filter_map` is rustc's plain "expected `Option<_>`" at the body.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` element cannot give `{B}`",
    label = "returns `{B}`",
    note = "`processor` returns a message, `try_map` a `Result`, `filter_map` an `Option`, `flat_map` something that \
            iterates over messages, `sink` nothing"
)]
pub trait Role<B>: sealed::Sealed + Copy + 'static {
    /// The message that leaves the element.
    type Out: Message;
    /// How many of them per input.
    type Rate: Rate;
    /// Pushes what the closure has returned.
    ///
    /// # Errors
    /// The closure's own error (`try_map`), or the outlet's.
    fn give(value: B, out: &mut impl Outlet<Self::Out>) -> Result<()>;
}

/// A role that claims `One` and pushes nothing would publish a slot without a value: so there are only these.
mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Map {}
    impl Sealed for super::TryMap {}
    impl Sealed for super::FilterMap {}
    impl Sealed for super::FlatMap {}
    impl Sealed for super::Consume {}
}

/// `processor(...)`
#[derive(Clone, Copy)]
pub struct Map;
impl<B: Message> Role<B> for Map {
    type Out = B;
    type Rate = One;
    #[inline(always)]
    fn give(value: B, out: &mut impl Outlet<B>) -> Result<()> {
        out.push(value)
    }
}

/// `try_map(...)`
#[derive(Clone, Copy)]
pub struct TryMap;
impl<T: Message, E: Into<Failure>> Role<Result<T, E>> for TryMap {
    type Out = T;
    type Rate = One;
    #[inline(always)]
    fn give(value: Result<T, E>, out: &mut impl Outlet<T>) -> Result<()> {
        out.push(value.map_err(Into::into)?)
    }
}

/// `filter_map(...)`
#[derive(Clone, Copy)]
pub struct FilterMap;
impl<T: Message> Role<Option<T>> for FilterMap {
    type Out = T;
    type Rate = Many;
    #[inline(always)]
    fn give(value: Option<T>, out: &mut impl Outlet<T>) -> Result<()> {
        value.map_or(Ok(()), |value| out.push(value))
    }
}

/// `flat_map(...)`
#[derive(Clone, Copy)]
pub struct FlatMap;
impl<I: IntoIterator<Item: Message>> Role<I> for FlatMap {
    type Out = I::Item;
    type Rate = Many;
    #[inline(always)]
    fn give(value: I, out: &mut impl Outlet<I::Item>) -> Result<()> {
        value.into_iter().try_for_each(|item| out.push(item))
    }
}

/// `sink(...)`
#[derive(Clone, Copy)]
pub struct Consume;
impl Role<()> for Consume {
    type Out = ();
    type Rate = Many;
    #[inline(always)]
    fn give(_: (), _: &mut impl Outlet<()>) -> Result<()> {
        Ok(())
    }
}
