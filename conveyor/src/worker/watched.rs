//! A row of fused stages in a worker. Its process may end at any moment, with nobody left to ask: so which of the stages
//! is at work, and on which message, is written to shared memory before the stage's code runs.
//!
//! That is written without an atomic operation: so the compiler leaves out whatever is written twice before any code that
//! it cannot see into, and a row of inlined stages stays one tight loop. What such a loop was at when its process was
//! killed from outside may be older.

use crate::element::recipe::{Recipe, SourceRecipe};
use crate::element::step::{Pump, Step};
use crate::element::tally::Tally;
use crate::error::Blame;
use crate::meter::Desk;
use crate::{Arg, Message, Outlet, Result};
use std::sync::Arc;
use std::time::Duration;

/// A row, and the desk of its lane.
#[derive(Clone, Copy)]
pub(crate) struct Watched<X>(pub(crate) X, pub(crate) Desk<'static>);

impl<C: 'static, X: Recipe<C>> Recipe<C> for Watched<X> {
    type In = X::In;
    type Out = X::Out;
    type Rate = X::Rate;
    type Step = Watched<X::Step>;
    const STATELESS: bool = X::STATELESS;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        let Watched(recipe, desk) = self;
        Ok(Watched(Blame::told(desk.place_word(), || recipe.build(scope))?, desk))
    }
}

impl<C: 'static, X: SourceRecipe<C>> SourceRecipe<C> for Watched<X> {
    type Out = X::Out;
    type Pump = Watched<X::Pump>;
    fn build(self, scope: &Arc<C>) -> Result<Self::Pump> {
        let Watched(recipe, desk) = self;
        Ok(Watched(Blame::told(desk.place_word(), || recipe.build(scope))?, desk))
    }
}

impl<X: Tally> Tally for Watched<X> {
    const ROW: bool = X::ROW;
    fn counts(&self, note: &mut dyn FnMut(u32, u64)) {
        self.0.counts(note);
    }
    #[inline(always)]
    fn settle(&mut self) {
        self.0.settle();
    }
    fn costs(&mut self, note: &mut dyn FnMut(u32, Duration)) {
        self.0.costs(note);
    }
}

impl<S: Step> Step for Watched<S> {
    type In = S::In;
    type Out = S::Out;
    type Rate = S::Rate;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, S::In>, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.0.step(input, &mut Watching(out, self.1))
    }
    fn flush(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.0.flush(&mut Watching(out, self.1))
    }
    fn finish(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.0.finish(&mut Watching(out, self.1))
    }
}

impl<P: Pump> Pump for Watched<P> {
    type Out = P::Out;
    #[inline(always)]
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<P::Out>) -> Result<bool> {
        self.0.pump(limit, &mut Watching(out, self.1))
    }
    fn flush(&mut self, out: &mut impl Outlet<P::Out>) -> Result<()> {
        self.0.flush(&mut Watching(out, self.1))
    }
    fn finish(&mut self, out: &mut impl Outlet<P::Out>) -> Result<()> {
        self.0.finish(&mut Watching(out, self.1))
    }
}

/// The row's outlet, which is told who is at work.
struct Watching<'o, O>(&'o mut O, Desk<'static>);

impl<T: Message, O: Outlet<T>> Outlet<T> for Watching<'_, O> {
    const TIMED: bool = O::TIMED;
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        self.0.push(message)
    }
    #[inline(always)]
    fn fill(
        &mut self,
        fill: impl for<'s> FnOnce(crate::Slot<'s, T>) -> Result<crate::Filled<'s>>,
    ) -> Result<()> {
        self.0.fill(fill)
    }
    #[inline(always)]
    fn at_work(&mut self, place: u64) {
        #[cfg(not(loom))] // whose atomics have no address
        // SAFETY: the word is mapped as long as the desk, this lane alone writes it, on this thread, and nobody reads it
        // before this process has ended.
        unsafe {
            self.1.place_word().as_ptr().write(place);
        }
        #[cfg(loom)]
        self.1.set_place(place);
    }
}
