//! Recipes in a row, composed into one static loop: the serial context and fused stages.

use crate::element::keep::{self, Keep};
use crate::element::outlet::{Filled, Slot};
use crate::element::rate::Rate;
use crate::element::recipe::{Recipe, SourceRecipe};
use crate::element::step::{Pump, Step};
use crate::element::tally::Tally;
use crate::error::{Blame, Count, LastBlame, Place};
use crate::meter::own_time;
use crate::{Arg, Input, Message, Outlet, Result};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// `X`, which stands at place `AT` of its row: so that errors and panics in a composed loop name the right processor.
#[derive(Clone, Copy)]
pub struct At<const AT: u32, X>(pub X);

/// What [`At`] makes: a step that counts the messages it takes, or a pump that counts those it gives.
pub struct Counted<const AT: u32, S> {
    inner: S,
    messages: Count,
    /// Of timed messages.
    cost: Duration,
    _last: LastBlame,
}

impl<const AT: u32, S> Counted<AT, S> {
    fn new(inner: S) -> Self {
        Counted { inner, messages: Count::default(), cost: Duration::ZERO, _last: LastBlame(AT) }
    }
}

impl<const AT: u32, C: 'static, X: Recipe<C>> Recipe<C> for At<AT, X> {
    type In = X::In;
    type Out = X::Out;
    type Rate = X::Rate;
    type Step = Counted<AT, X::Step>;
    const STATELESS: bool = X::STATELESS;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Blame::on_constructor(AT, || self.0.build(scope)).map(Counted::new)
    }
}

impl<const AT: u32, C: 'static, X: SourceRecipe<C>> SourceRecipe<C> for At<AT, X> {
    type Out = X::Out;
    type Pump = Counted<AT, X::Pump>;
    fn build(self, scope: &Arc<C>) -> Result<Self::Pump> {
        Blame::on_constructor(AT, || self.0.build(scope)).map(Counted::new)
    }
}

impl<const AT: u32, S: Keep> Keep for Counted<AT, S> {
    const KEEPS: bool = S::KEEPS;
    const BYTES_MAX: usize = keep::LENGTH + S::BYTES_MAX;
    fn save(&mut self, into: &mut Vec<u8>) -> Result<()> {
        into.extend_from_slice(&self.messages.get().to_le_bytes());
        Blame::on(AT, None, || self.inner.save(into))
    }
    fn restore(&mut self, from: &mut &[u8]) -> Result<()> {
        self.messages = Count::from(keep::number(from)?);
        Blame::on_constructor(AT, || self.inner.restore(from))
    }
}

impl<const AT: u32, S> Tally for Counted<AT, S> {
    const ROW: bool = true;
    fn counts(&self, note: &mut dyn FnMut(u32, u64)) {
        note(AT, self.messages.get());
    }
    #[inline(always)]
    fn settle(&mut self) {
        self.messages.settle();
    }
    fn costs(&mut self, note: &mut dyn FnMut(u32, Duration)) {
        note(AT, std::mem::take(&mut self.cost));
    }
}

impl<const AT: u32, S: Step> Step for Counted<AT, S> {
    type In = S::In;
    type Out = S::Out;
    type Rate = S::Rate;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, S::In>, out: &mut impl Outlet<S::Out>) -> Result<()> {
        let Counted { inner, messages, cost, .. } = self;
        let mut out = Behind::of(AT, out, Some(messages.get()));
        let out = &mut out;
        Blame::on(AT, Some(messages), || match is_timed(out) {
            true => own_time(cost, || inner.step(input, out)),
            false => inner.step(input, out),
        })?;
        messages.add_one();
        Ok(())
    }
    fn flush(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        let mut out = Behind::of(AT, out, None);
        Blame::on(AT, None, || self.inner.flush(&mut out))
    }
    fn finish(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        let mut out = Behind::of(AT, out, None);
        Blame::on(AT, None, || self.inner.finish(&mut out))
    }
}

impl<const AT: u32, P: Pump> Pump for Counted<AT, P> {
    type Out = P::Out;
    #[inline(always)]
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<P::Out>) -> Result<bool> {
        let Counted { inner, messages, cost, .. } = self;
        out.at_work(Place::pack(AT, Some(messages.get())));
        let mut out = Counting::<AT, _>(messages, out);
        let out = &mut out;
        Blame::on(AT, Some(messages), || match is_timed(out) {
            true => own_time(cost, || inner.pump(limit, out)),
            false => inner.pump(limit, out),
        })
    }
}

/// Decided when the loop is compiled.
#[inline(always)]
fn is_timed<T: Message, O: Outlet<T>>(_: &O) -> bool {
    O::TIMED
}

/// Pushing, and counting.
struct Counting<'n, const AT: u32, O>(&'n Count, &'n mut O);
impl<const AT: u32, T: Message, O: Outlet<T>> Outlet<T> for Counting<'_, AT, O> {
    const TIMED: bool = O::TIMED;
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        self.1.push(message)?;
        self.0.add_one();
        self.1.at_work(Place::pack(AT, Some(self.0.get())));
        Ok(())
    }
}

/// What is behind a stage, which goes on working when a push is over.
struct Behind<'n, O> {
    out: &'n mut O,
    place: u64,
}

impl<'n, O> Behind<'n, O> {
    #[inline(always)]
    fn of<T: Message>(at: u32, out: &'n mut O, position: Option<u64>) -> Self
    where
        O: Outlet<T>,
    {
        let place = Place::pack(at, position);
        out.at_work(place);
        Behind { out, place }
    }
}

impl<T: Message, O: Outlet<T>> Outlet<T> for Behind<'_, O> {
    const TIMED: bool = O::TIMED;
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        self.out.push(message)?;
        self.out.at_work(self.place);
        Ok(())
    }
    #[inline(always)]
    fn fill(&mut self, fill: impl for<'s> FnOnce(Slot<'s, T>) -> Result<Filled<'s>>) -> Result<()> {
        self.out.fill(fill)?;
        self.out.at_work(self.place);
        Ok(())
    }
}

/// Sees the recipes of a row one by one, with their places.
pub trait Visit<C: 'static> {
    /// One that takes messages.
    fn stage<X: Recipe<C>>(&mut self, at: u32, recipe: X);
    /// A source.
    fn source<X: SourceRecipe<C>>(&mut self, at: u32, recipe: X);
}

/// A row of recipes.
pub trait Recipes<C: 'static>: Recipe<C> {
    /// Shows each of them.
    fn each(self, visit: &mut impl Visit<C>);
}

/// The same for a row that starts with a source.
pub trait SourceRecipes<C: 'static>: SourceRecipe<C> {
    /// Shows each of them.
    fn each(self, visit: &mut impl Visit<C>);
}

impl<const AT: u32, C: 'static, X: Recipe<C>> Recipes<C> for At<AT, X> {
    fn each(self, visit: &mut impl Visit<C>) {
        visit.stage(AT, self.0);
    }
}

impl<const AT: u32, C: 'static, X: SourceRecipe<C>> SourceRecipes<C> for At<AT, X> {
    fn each(self, visit: &mut impl Visit<C>) {
        visit.source(AT, self.0);
    }
}

impl<C: 'static, A: Recipes<C>, B: Recipes<C>> Recipes<C> for Then<A, B> {
    fn each(self, visit: &mut impl Visit<C>) {
        self.0.each(visit);
        self.1.each(visit);
    }
}

impl<C: 'static, S: SourceRecipes<C>, B: Recipes<C>> SourceRecipes<C> for Feed<S, B> {
    fn each(self, visit: &mut impl Visit<C>) {
        self.0.each(visit);
        self.1.each(visit);
    }
}

/// `A`, then `B` in the same process. It is well-formed whatever the two types are: a mismatch is reported once, at
/// the arrow, and never a second time here.
#[derive(Clone, Copy)]
pub struct Then<A, B>(pub A, pub B);

impl<C: 'static, A: Recipe<C>, B: Recipe<C>> Recipe<C> for Then<A, B> {
    type In = A::In;
    type Out = B::Out;
    type Rate = <A::Rate as Rate>::Then<B::Rate>;
    type Step = Then<A::Step, B::Step>;
    const STATELESS: bool = A::STATELESS && B::STATELESS;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(Then(self.0.build(scope)?, self.1.build(scope)?))
    }
}

impl<A: Tally, B: Tally> Tally for Then<A, B> {
    const ROW: bool = true;
    fn counts(&self, note: &mut dyn FnMut(u32, u64)) {
        self.0.counts(note);
        self.1.counts(note);
    }
    #[inline(always)]
    fn settle(&mut self) {
        self.0.settle();
        self.1.settle();
    }
    fn costs(&mut self, note: &mut dyn FnMut(u32, Duration)) {
        self.0.costs(note);
        self.1.costs(note);
    }
}

impl<A: Step, B: Step> Step for Then<A, B> {
    type In = A::In;
    type Out = B::Out;
    type Rate = <A::Rate as Rate>::Then<B::Rate>;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, A::In>, out: &mut impl Outlet<B::Out>) -> Result<()> {
        self.0.step(input, &mut Next(&mut self.1, out))
    }
    fn flush(&mut self, out: &mut impl Outlet<B::Out>) -> Result<()> {
        self.0.flush(&mut Next(&mut self.1, out))?;
        self.1.flush(out)
    }
    fn finish(&mut self, out: &mut impl Outlet<B::Out>) -> Result<()> {
        self.0.finish(&mut Next(&mut self.1, out))?;
        self.1.finish(out)
    }
}

/// A source, then a row of steps, as one source.
#[derive(Clone, Copy)]
pub struct Feed<S, B>(pub S, pub B);

impl<C: 'static, S: SourceRecipe<C>, B: Recipe<C>> SourceRecipe<C> for Feed<S, B> {
    type Out = B::Out;
    type Pump = Feed<S::Pump, B::Step>;
    fn build(self, scope: &Arc<C>) -> Result<Self::Pump> {
        Ok(Feed(self.0.build(scope)?, self.1.build(scope)?))
    }
}

impl<P: Tally, B: Tally> Tally for Feed<P, B> {
    const ROW: bool = true;
    /// A source takes nothing; what it has given is what the step after it has taken.
    fn counts(&self, note: &mut dyn FnMut(u32, u64)) {
        self.1.counts(note);
    }
    #[inline(always)]
    fn settle(&mut self) {
        self.0.settle();
        self.1.settle();
    }
    fn costs(&mut self, note: &mut dyn FnMut(u32, Duration)) {
        self.0.costs(note);
        self.1.costs(note);
    }
}

impl<P: Pump, B: Step> Pump for Feed<P, B> {
    type Out = B::Out;
    #[inline(always)]
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<B::Out>) -> Result<bool> {
        self.0.pump(limit, &mut Next(&mut self.1, out))
    }
    fn flush(&mut self, out: &mut impl Outlet<B::Out>) -> Result<()> {
        self.0.flush(&mut Next(&mut self.1, out))?;
        self.1.flush(out)
    }
    fn finish(&mut self, out: &mut impl Outlet<B::Out>) -> Result<()> {
        self.0.finish(&mut Next(&mut self.1, out))?;
        self.1.finish(out)
    }
}

/// Pushing into the next step.
struct Next<'n, B, O>(&'n mut B, &'n mut O);
impl<T: Message, B: Step, O: Outlet<B::Out>> Outlet<T> for Next<'_, B, O> {
    const TIMED: bool = O::TIMED;
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        B::In::lend(same(message), |input| self.0.step(input, self.1))
    }
    #[inline(always)]
    fn at_work(&mut self, place: u64) {
        self.1.at_work(place);
    }
}

/// The identity: the arrow has already proved that both types are one. Costs nothing after inlining.
#[inline(always)]
fn same<A: 'static, B: 'static>(value: A) -> B {
    let mut value = Some(value);
    let value = (&mut value as &mut dyn Any).downcast_mut::<Option<B>>();
    value.and_then(Option::take).expect("the arrow was checked")
}
