//! The keyword in front of a closure says what its return value means.

use crate::element::rate::{Many, One, Rate};
use crate::element::travels::{Known, Travels};
use crate::{Failure, Message, Outlet, Result};
use std::marker::PhantomData;

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
    impl<M> Sealed for super::Map<M> {}
    impl<M> Sealed for super::TryMap<M> {}
    impl<M> Sealed for super::FilterMap<M> {}
    impl<M> Sealed for super::FlatMap<M> {}
    impl Sealed for super::Consume {}
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident $named:ident)*) => {$(
        $(#[$doc])*
        pub struct $role<M = Known>(PhantomData<fn(M)>);
        impl<M> Clone for $role<M> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<M> Copy for $role<M> {}
        $(#[$doc])*
        pub fn $named<M>() -> $role<M> {
            $role(PhantomData)
        }
    )*};
}
roles! {
    /// `processor(...)`
    Map map
    /// `try_map(...)`
    TryMap try_map
    /// `filter_map(...)`
    FilterMap filter_map
    /// `flat_map(...)`
    FlatMap flat_map
}

impl<M: 'static, B: Travels<M>> Role<B> for Map<M> {
    type Out = B::Same;
    type Rate = One;
    #[inline(always)]
    fn give(value: B, out: &mut impl Outlet<B::Same>) -> Result<()> {
        out.push(value.same())
    }
}

impl<M: 'static, T: Travels<M>, E: Into<Failure>> Role<Result<T, E>> for TryMap<M> {
    type Out = T::Same;
    type Rate = One;
    #[inline(always)]
    fn give(value: Result<T, E>, out: &mut impl Outlet<T::Same>) -> Result<()> {
        out.push(value.map_err(Into::into)?.same())
    }
}

impl<M: 'static, T: Travels<M>> Role<Option<T>> for FilterMap<M> {
    type Out = T::Same;
    type Rate = Many;
    #[inline(always)]
    fn give(value: Option<T>, out: &mut impl Outlet<T::Same>) -> Result<()> {
        value.map_or(Ok(()), |value| out.push(value.same()))
    }
}

impl<M: 'static, I: IntoIterator<Item: Travels<M>>> Role<I> for FlatMap<M> {
    type Out = <I::Item as Travels<M>>::Same;
    type Rate = Many;
    #[inline(always)]
    fn give(value: I, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        value.into_iter().try_for_each(|item| out.push(item.same()))
    }
}

/// `sink(...)`
#[derive(Clone, Copy)]
pub struct Consume;
/// `sink(...)`
pub fn consume() -> Consume {
    Consume
}
impl Role<()> for Consume {
    type Out = ();
    type Rate = Many;
    #[inline(always)]
    fn give(_: (), _: &mut impl Outlet<()>) -> Result<()> {
        Ok(())
    }
}
