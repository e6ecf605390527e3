//! How to make a step: a constructor without captures, so a value of size zero. Recipes are `Copy`, know their types
//! before anything runs, and compose into one static loop (see `compose`).

use crate::element::accept::{Accept, AcceptSource};
use crate::element::adapt::{Forward, OfFn};
use crate::element::literal::{Filter, FlatLiteral, FlatLiteralRef, Literal, LiteralRef, Outbox};
use crate::element::port::{Port, port};
use crate::element::rate::{Many, One, Rate};
use crate::element::role::Give;
use crate::element::step::{Pump, Step};
use crate::{Input, Message, Ref, Result};
use std::marker::PhantomData;
use std::sync::Arc;

/// How to make a step. `C` is the scope: parameters and pools.
pub trait Recipe<C: 'static>: Copy + 'static {
    /// What the step takes.
    type In: Input + ?Sized;
    /// What the step gives.
    type Out: Message;
    /// How many outputs for an input.
    type Rate: Rate;
    /// The step itself.
    type Step: Step<In = Self::In, Out = Self::Out, Rate = Self::Rate> + 'static;
    /// Nothing is lost when it is built again.
    const STATELESS: bool;
    /// Runs the user's constructor.
    ///
    /// # Errors
    /// The constructor's.
    fn build(self, scope: &Arc<C>) -> Result<Self::Step>;
}

/// How to make a source.
pub trait SourceRecipe<C: 'static>: Copy + 'static {
    /// What the source gives.
    type Out: Message;
    /// The source itself.
    type Pump: Pump<Out = Self::Out> + 'static;
    /// Runs the user's constructor.
    ///
    /// # Errors
    /// The constructor's.
    fn build(self, scope: &Arc<C>) -> Result<Self::Pump>;
}

/// A recipe made of the user's code `K`, the keyword `R` and types that only inference knows.
pub struct By<K, R, T> {
    /// The user's constructor or closure. The macro coerces it to a `fn` pointer, to prove that it captures nothing.
    pub user: K,
    kind: PhantomData<fn(R) -> T>,
}
impl<K, R, T> By<K, R, T> {
    pub(crate) fn new(user: K, _: R) -> Self {
        By { user, kind: PhantomData }
    }
}
impl<K: Copy, R, T> Clone for By<K, R, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K: Copy, R, T> Copy for By<K, R, T> {}

/// `processor(Clean::new(&models)?)`, `processor(blur)`: a constructor whose value is accepted behind `R`.
pub struct Made<X, M>(PhantomData<(X, M)>);
impl<C: 'static, R, X, M, K> Recipe<C> for By<K, R, Made<X, M>>
where
    R: 'static,
    M: 'static,
    X: Accept<R, M> + 'static,
    K: Fn(&C) -> Result<X> + Copy + 'static,
{
    type In = <X::Step as Step>::In;
    type Out = <X::Step as Step>::Out;
    type Rate = <X::Step as Step>::Rate;
    type Step = X::Step;
    const STATELESS: bool = size_of::<X>() == 0;
    fn build(self, scope: &Arc<C>) -> Result<X::Step> {
        Ok((self.user)(scope)?.into_step())
    }
}

/// `processor(|x| ...)`
pub struct Closure<E, B>(PhantomData<(E, B)>);
impl<C: 'static, R, E, B, F> Recipe<C> for By<F, R, Closure<E, B>>
where
    R: Give<B>,
    E: Message,
    B: 'static,
    F: Fn(&C, E) -> B + Copy + 'static,
{
    type In = E;
    type Out = R::Out;
    type Rate = R::Rate;
    type Step = Literal<C, R, E, B, F>;
    const STATELESS: bool = true;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(Literal { scope: scope.clone(), f: self.user, kind: PhantomData })
    }
}

/// `processor(|s: &str| ...)`
pub struct ClosureRef<E, B>(PhantomData<(E, B)>);
impl<C: 'static, R, E, B, F> Recipe<C> for By<F, R, ClosureRef<E, B>>
where
    R: Give<B>,
    E: Message,
    B: 'static,
    F: for<'a> Fn(&C, E::View<'a>) -> B + Copy + 'static,
{
    type In = Ref<E>;
    type Out = R::Out;
    type Rate = R::Rate;
    type Step = LiteralRef<C, R, E, B, F>;
    const STATELESS: bool = true;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(LiteralRef { scope: scope.clone(), f: self.user, kind: PhantomData })
    }
}

/// The role of `filter(|x| ...)`.
#[derive(Clone, Copy)]
pub struct Keep;
/// `filter(|x| ...)`
pub struct Filtered<E>(PhantomData<E>);
impl<C: 'static, E, F> Recipe<C> for By<F, Keep, Filtered<E>>
where
    E: Message,
    F: for<'a> Fn(&C, E::View<'a>) -> bool + Copy + 'static,
{
    type In = E;
    type Out = E;
    type Rate = Many;
    type Step = Filter<C, E, F>;
    const STATELESS: bool = true;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(Filter { scope: scope.clone(), f: self.user, kind: PhantomData })
    }
}

/// The role of a `flat_map` with a closure literal.
#[derive(Clone, Copy)]
pub struct Flat;
/// `flat_map(|x| ...)`
pub struct Flattened<E, T>(PhantomData<(E, T)>);
impl<C: 'static, E, T, F> Recipe<C> for By<F, Flat, Flattened<E, T>>
where
    E: Message,
    T: Message,
    F: Fn(&C, E, Outbox<'_, T>) -> Result<()> + Copy + 'static,
{
    type In = E;
    type Out = T;
    type Rate = Many;
    type Step = FlatLiteral<C, E, T, F>;
    const STATELESS: bool = true;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(FlatLiteral { scope: scope.clone(), f: self.user, kind: PhantomData })
    }
}

/// `flat_map(|s: &str| ...)`
pub struct FlattenedRef<E, T>(PhantomData<(E, T)>);
impl<C: 'static, E, T, F> Recipe<C> for By<F, Flat, FlattenedRef<E, T>>
where
    E: Message,
    T: Message,
    F: for<'a> Fn(&C, E::View<'a>, Outbox<'_, T>) -> Result<()> + Copy + 'static,
{
    type In = Ref<E>;
    type Out = T;
    type Rate = Many;
    type Step = FlatLiteralRef<C, E, T, F>;
    const STATELESS: bool = true;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(FlatLiteralRef { scope: scope.clone(), f: self.user, kind: PhantomData })
    }
}

/// `processor({ let mut n = 0; move |x| ... })`: a block that ends in a closure.
pub struct Block<E, B, F>(PhantomData<(E, B, F)>);
impl<C: 'static, R, E, B, F, K> Recipe<C> for By<K, R, Block<E, B, F>>
where
    R: Give<B>,
    E: Message,
    B: 'static,
    F: FnMut(E) -> B + 'static,
    K: Fn(&C, Port<E>) -> Result<F> + Copy + 'static,
{
    type In = E;
    type Out = R::Out;
    type Rate = R::Rate;
    type Step = OfFn<R, F, E, B>;
    const STATELESS: bool = size_of::<F>() == 0;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(OfFn((self.user)(scope, port())?, PhantomData))
    }
}

/// The role of `source`.
#[derive(Clone, Copy)]
pub struct Open;
impl<C: 'static, X, M, K> SourceRecipe<C> for By<K, Open, Made<X, M>>
where
    M: 'static,
    X: AcceptSource<M> + 'static,
    K: Fn(&C) -> Result<X> + Copy + 'static,
{
    type Out = X::Out;
    type Pump = X::Pump;
    fn build(self, scope: &Arc<C>) -> Result<X::Pump> {
        Ok((self.user)(scope)?.into_pump())
    }
}

/// A relay: the plan's own stage, where a join or a share of a fork has to become a pipe again.
pub struct Relay<T>(PhantomData<fn(T) -> T>);
impl<T> Relay<T> {
    pub(crate) fn new() -> Self {
        Relay(PhantomData)
    }
}
impl<T> Clone for Relay<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Relay<T> {}
impl<C: 'static, T: Message> Recipe<C> for Relay<T> {
    type In = T;
    type Out = T;
    type Rate = One;
    type Step = Forward<T>;
    const STATELESS: bool = true;
    fn build(self, _: &Arc<C>) -> Result<Forward<T>> {
        Ok(Forward(PhantomData))
    }
}
