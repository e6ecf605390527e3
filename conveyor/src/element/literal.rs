//! Closure literals as steps. The scope (parameters, pools) is their first argument; they capture nothing.

use crate::element::keep::Keep;
use crate::element::rate::Many;
use crate::element::role::Give;
use crate::element::step::Step;
use crate::element::tally::Tally;
use crate::{Message, Outlet, Ref, Result};
use std::marker::PhantomData;
use std::sync::Arc;

/// `processor(|x| ...)`. The scope is shared, not borrowed: so a step has no lifetime and can be boxed.
pub struct Literal<C, R, E, B, F> {
    pub(crate) scope: Arc<C>,
    pub(crate) f: F,
    pub(crate) kind: PhantomData<fn(R, E) -> B>,
}
impl<C, R, E, B, F> Keep for Literal<C, R, E, B, F> {}
impl<C, R, E, B, F> Tally for Literal<C, R, E, B, F> {}
impl<C, R, E, B, F> Step for Literal<C, R, E, B, F>
where
    R: Give<B>,
    E: Message,
    F: Fn(&C, E) -> B,
{
    type In = E;
    type Out = R::Out;
    type Rate = R::Rate;
    #[inline(always)]
    fn step(&mut self, input: E, out: &mut impl Outlet<R::Out>) -> Result<()> {
        R::give((self.f)(&self.scope, input), out)
    }
}

/// A closure literal that borrows its input: `processor(|s: &str| ...)`.
pub struct LiteralRef<C, R, E, B, F> {
    pub(crate) scope: Arc<C>,
    pub(crate) f: F,
    pub(crate) kind: PhantomData<fn(R, E) -> B>,
}
impl<C, R, E, B, F> Keep for LiteralRef<C, R, E, B, F> {}
impl<C, R, E, B, F> Tally for LiteralRef<C, R, E, B, F> {}
impl<C, R, E, B, F> Step for LiteralRef<C, R, E, B, F>
where
    R: Give<B>,
    E: Message,
    F: for<'a> Fn(&C, E::View<'a>) -> B,
{
    type In = Ref<E>;
    type Out = R::Out;
    type Rate = R::Rate;
    #[inline(always)]
    fn step(&mut self, input: E::View<'_>, out: &mut impl Outlet<R::Out>) -> Result<()> {
        R::give((self.f)(&self.scope, input), out)
    }
}

/// `filter(|x| ...)`: looks at a view, hands the message on.
pub struct Filter<C, E, F> {
    pub(crate) scope: Arc<C>,
    pub(crate) f: F,
    pub(crate) kind: PhantomData<fn(E)>,
}
impl<C, E, F> Keep for Filter<C, E, F> {}
impl<C, E, F> Tally for Filter<C, E, F> {}
impl<C, E: Message, F: for<'a> Fn(&C, E::View<'a>) -> bool> Step for Filter<C, E, F> {
    type In = E;
    type Out = E;
    type Rate = Many;
    #[inline(always)]
    fn step(&mut self, input: E, out: &mut impl Outlet<E>) -> Result<()> {
        if (self.f)(&self.scope, input.as_view()) {
            return out.push(input);
        }
        Ok(())
    }
}

/// Where a `flat_map` closure puts its outputs. One concrete type, because a closure cannot be generic; the call
/// through `dyn` disappears when the closure is inlined.
pub struct Outbox<'o, T>(&'o mut dyn FnMut(T) -> Result<()>);
impl<T> Outbox<'_, T> {
    /// Pushes every item.
    ///
    /// # Errors
    /// The outlet's.
    #[inline(always)]
    pub fn extend(self, items: impl IntoIterator<Item = T>) -> Result<()> {
        items.into_iter().try_for_each(self.0)
    }
}

/// `flat_map(|x| ...)`
pub struct FlatLiteral<C, E, T, F> {
    pub(crate) scope: Arc<C>,
    pub(crate) f: F,
    pub(crate) kind: PhantomData<fn(E) -> T>,
}
impl<C, E, T, F> Keep for FlatLiteral<C, E, T, F> {}
impl<C, E, T, F> Tally for FlatLiteral<C, E, T, F> {}
impl<C, E: Message, T: Message, F: Fn(&C, E, Outbox<'_, T>) -> Result<()>> Step for FlatLiteral<C, E, T, F> {
    type In = E;
    type Out = T;
    type Rate = Many;
    #[inline(always)]
    fn step(&mut self, input: E, out: &mut impl Outlet<T>) -> Result<()> {
        (self.f)(&self.scope, input, Outbox(&mut |item| out.push(item)))
    }
}

/// `flat_map(|s: &str| ...)`
pub struct FlatLiteralRef<C, E, T, F> {
    pub(crate) scope: Arc<C>,
    pub(crate) f: F,
    pub(crate) kind: PhantomData<fn(E) -> T>,
}
impl<C, E, T, F> Keep for FlatLiteralRef<C, E, T, F> {}
impl<C, E, T, F> Tally for FlatLiteralRef<C, E, T, F> {}
impl<C, E, T, F> Step for FlatLiteralRef<C, E, T, F>
where
    E: Message,
    T: Message,
    F: for<'a> Fn(&C, E::View<'a>, Outbox<'_, T>) -> Result<()>,
{
    type In = Ref<E>;
    type Out = T;
    type Rate = Many;
    #[inline(always)]
    fn step(&mut self, input: E::View<'_>, out: &mut impl Outlet<T>) -> Result<()> {
        (self.f)(&self.scope, input, Outbox(&mut |item| out.push(item)))
    }
}
