//! A row of fused stages. Which of them is at work, and on which message, is written down before the stage's code runs:
//! for that code itself, and in a worker for others, because its process may end at any moment, with nobody left to ask.
//!
//! That is written without an atomic operation: so the compiler leaves out whatever is written twice before any code that
//! it cannot see into, and a row of inlined stages stays one tight loop. What such a loop was at when its process was
//! killed from outside may be older.

use crate::element::keep::Keep;
use crate::element::rate::Rate;
use crate::element::recipe::{Recipe, SourceRecipe};
use crate::element::step::{Pump, Step};
use crate::element::tally::Tally;
use crate::error::Blame;
use crate::meter::{Desk, at_work};
use crate::{Arg, Message, Outlet, Result};
use std::sync::Arc;
use std::time::Duration;

/// A row, and where it notes who is at work.
#[derive(Clone, Copy)]
pub(crate) struct Watched<X, W>(pub(crate) X, pub(crate) W);

/// Where a row notes who is at work.
pub(crate) trait Book: Copy + 'static {
    /// The stage at work from now on.
    fn at_work(self, place: u64);
    /// Runs constructors.
    fn told<T>(self, build: impl FnOnce() -> T) -> T;
    /// The row takes a message, or a `flush` or `finish`, of which any number of others may be made.
    fn begin(self, row: &impl Step);
}

/// In the desk of the row's lane.
impl Book for Desk<'static> {
    #[inline(always)]
    fn at_work(self, place: u64) {
        #[cfg(not(loom))] // whose atomics have no address
        // SAFETY: the word is mapped as long as the desk, this lane alone writes it, on this thread, and others read it
        // only after this process has ended.
        unsafe {
            self.place_word().as_ptr().write(place)
        };
        #[cfg(loom)]
        self.set_place(place);
    }
    fn told<T>(self, build: impl FnOnce() -> T) -> T {
        Blame::told(self.place_word(), build)
    }
    #[inline(always)]
    fn begin(self, row: &impl Step) {
        row.counts(&mut |at, taken| self.of_stage(at as usize).set_begun(taken));
    }
}

/// On the thread that runs the row: its code alone may ask.
#[derive(Clone, Copy)]
pub(crate) struct ThisThread;

impl Book for ThisThread {
    #[inline(always)]
    fn at_work(self, place: u64) {
        at_work::set_place(place);
    }
    fn told<T>(self, build: impl FnOnce() -> T) -> T {
        build()
    }
    #[inline(always)]
    fn begin(self, _: &impl Step) {}
}

impl<C: 'static, X: Recipe<C>, W: Book> Recipe<C> for Watched<X, W> {
    type In = X::In;
    type Out = X::Out;
    type Rate = X::Rate;
    type Step = Watched<X::Step, W>;
    const STATELESS: bool = X::STATELESS;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        let Watched(recipe, book) = self;
        Ok(Watched(book.told(|| recipe.build(scope))?, book))
    }
}

impl<C: 'static, X: SourceRecipe<C>, W: Book> SourceRecipe<C> for Watched<X, W> {
    type Out = X::Out;
    type Pump = Watched<X::Pump, W>;
    fn build(self, scope: &Arc<C>) -> Result<Self::Pump> {
        let Watched(recipe, book) = self;
        Ok(Watched(book.told(|| recipe.build(scope))?, book))
    }
}

impl<X: Keep, W: Book> Keep for Watched<X, W> {
    const KEEPS: bool = X::KEEPS;
    const BYTES_MAX: usize = X::BYTES_MAX;
    fn save(&mut self, into: &mut Vec<u8>) -> Result<()> {
        self.0.save(into)
    }
    fn restore(&mut self, from: &mut &[u8]) -> Result<()> {
        self.1.told(|| self.0.restore(from))
    }
}

impl<X: Tally, W> Tally for Watched<X, W> {
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

impl<S: Step, W: Book> Step for Watched<S, W> {
    type In = S::In;
    type Out = S::Out;
    type Rate = S::Rate;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, S::In>, out: &mut impl Outlet<S::Out>) -> Result<()> {
        if !S::Rate::ONE {
            self.1.begin(&self.0);
        }
        self.0.step(input, &mut Watching(out, self.1))
    }
    fn flush(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.1.begin(&self.0);
        self.0.flush(&mut Watching(out, self.1))
    }
    fn finish(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.1.begin(&self.0);
        self.0.finish(&mut Watching(out, self.1))
    }
}

impl<P: Pump, W: Book> Pump for Watched<P, W> {
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
struct Watching<'o, O, W>(&'o mut O, W);

impl<T: Message, O: Outlet<T>, W: Book> Outlet<T> for Watching<'_, O, W> {
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
        self.1.at_work(place);
    }
}
