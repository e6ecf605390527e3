//! Which stage of a composed loop failed or panicked.

use super::Result;
use std::cell::Cell;

thread_local! {
    static PANICKED: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Notes a stage when it unwinds. The innermost stage is dropped first, and counts.
pub(crate) struct Blame(u32);

impl Blame {
    /// Runs a part of stage `stage`.
    #[inline(always)]
    pub(crate) fn on<T>(stage: u32, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let blame = Blame(stage);
        let result = work();
        std::mem::forget(blame);
        result.map_err(|failure| failure.at(stage))
    }

    /// The stage that has panicked on this thread since the last call.
    pub(crate) fn take() -> Option<u32> {
        PANICKED.take()
    }
}

impl Drop for Blame {
    #[cold]
    fn drop(&mut self) {
        if PANICKED.get().is_none() {
            PANICKED.set(Some(self.0));
        }
    }
}
