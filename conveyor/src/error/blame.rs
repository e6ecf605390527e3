//! Which stage of a composed row failed or panicked, and where in its stream.

use super::Result;
use crate::sync::{AtomicU64, Ordering};
use std::cell::Cell;

/// A stage of a composed row, by its place in the row, and the message it worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: u32,
    pub(crate) position: Option<u64>,
}

/// What a packed place has for no position.
const NOWHERE: u64 = u64::MAX >> AT_BITS;
/// The low bits of a packed place, for the stage: so the word of a stage grows by the same number with each message,
/// which is all that a loop has to do for it.
const AT_BITS: u32 = 16;

impl Place {
    /// In one word, so that it can be kept whole at any moment.
    #[inline(always)]
    pub(crate) fn pack(at: u32, position: Option<u64>) -> u64 {
        position.unwrap_or(NOWHERE) << AT_BITS | u64::from(at)
    }

    pub(crate) fn unpack(word: u64) -> Place {
        let position = word >> AT_BITS;
        Place { at: u32::from(word as u16), position: (position != NOWHERE).then_some(position) }
    }
}

thread_local! {
    static PANICKED: Cell<Option<Place>> = const { Cell::new(None) };
    static TOLD: Cell<Option<&'static AtomicU64>> = const { Cell::new(None) };
}

/// Messages, counted anew in every run of a loop: so all counts of a row start with 0 there, and those that grow
/// alike are one to the compiler. From a damaged number on, too, so they wrap.
#[derive(Default)]
pub(crate) struct Count {
    before: u64,
    run: Cell<u64>,
}

impl Count {
    /// So many have been counted.
    pub(crate) fn from(before: u64) -> Count {
        Count { before, ..Count::default() }
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> u64 {
        self.before.wrapping_add(self.run.get())
    }

    #[inline(always)]
    pub(crate) fn add_one(&self) {
        self.run.set(self.run.get().wrapping_add(1));
    }

    /// A run begins.
    #[inline(always)]
    pub(crate) fn settle(&mut self) {
        self.before = self.before.wrapping_add(self.run.replace(0));
    }
}

/// Notes a stage when it unwinds. The innermost stage is dropped first, and counts.
pub(crate) struct Blame<'c> {
    at: u32,
    position: Option<&'c Count>,
}

impl<'c> Blame<'c> {
    /// Runs a part of the stage at place `at`, which works on the message at `position`.
    #[inline(always)]
    pub(crate) fn on<T>(at: u32, position: Option<&'c Count>, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let blame = Blame { at, position };
        let result = work();
        std::mem::forget(blame);
        result.map_err(|failure| failure.at(Place { at, position: position.map(Count::get) }))
    }
}

impl Blame<'_> {
    /// Runs constructors of a row; which one is at work can be read from `word`, even if it ends the process.
    pub(crate) fn told<T>(word: &'static AtomicU64, build: impl FnOnce() -> T) -> T {
        let outer = TOLD.replace(Some(word));
        let built = build();
        TOLD.set(outer);
        built
    }

    /// Runs the constructor of the stage at place `at`.
    pub(crate) fn on_constructor<T>(at: u32, build: impl FnOnce() -> Result<T>) -> Result<T> {
        if let Some(word) = TOLD.get() {
            word.store(Place::pack(at, None), Ordering::Relaxed);
        }
        Blame::on(at, None, build)
    }

    /// Where this thread has panicked since the last call.
    pub(crate) fn take() -> Option<Place> {
        PANICKED.take()
    }
}

impl Drop for Blame<'_> {
    /// Inlined, so that no address of the row's counters leaves a loop that could keep them in registers.
    #[inline(always)]
    fn drop(&mut self) {
        note(Place { at: self.at, position: self.position.map(Count::get) });
    }
}

/// The field behind a step: it is dropped after it, and notices when that panics.
pub(crate) struct LastBlame(pub(crate) u32);

impl Drop for LastBlame {
    fn drop(&mut self) {
        if std::thread::panicking() {
            note(Place { at: self.0, position: None });
        }
    }
}

#[cold]
#[inline(never)]
fn note(place: Place) {
    if PANICKED.get().is_none() {
        PANICKED.set(Some(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_go_on_from_any_number() {
        let mut count = Count::from(u64::MAX - 1);
        (0..2).for_each(|_| count.add_one());
        assert_eq!(count.get(), 0);
        count.settle();
        count.add_one();
        assert_eq!(count.get(), 1);
    }
}
