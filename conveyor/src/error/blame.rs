//! Which stage of a composed row failed or panicked, and where in its stream.

use super::Result;
use std::cell::Cell;

/// A stage of a composed row, by its place in the row, and the message it worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: u32,
    pub(crate) position: Option<u64>,
}

thread_local! {
    static PANICKED: Cell<Option<Place>> = const { Cell::new(None) };
}

/// Messages, counted anew in every run of a loop: so all counts of a row start with 0 there, and those that grow
/// alike are one to the compiler.
#[derive(Default)]
pub(crate) struct Count {
    before: u64,
    run: Cell<u64>,
}

impl Count {
    #[inline(always)]
    pub(crate) fn get(&self) -> u64 {
        self.before + self.run.get()
    }

    #[inline(always)]
    pub(crate) fn add_one(&self) {
        self.run.set(self.run.get() + 1);
    }

    /// A run begins.
    #[inline(always)]
    pub(crate) fn settle(&mut self) {
        self.before += self.run.replace(0);
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
