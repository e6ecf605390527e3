//! Lanes on strings: where the protocol is proven (`tests/proof`), one thread drives all lanes in turn. A lane that would
//! sleep returns to whoever drives it instead, and takes batches that do not depend on the clock.

#[cfg(feature = "proof")]
pub(crate) use strings::{Idle, Slept, drive, is_puppet, would_sleep};

#[cfg(not(feature = "proof"))]
pub(crate) use free::{is_puppet, would_sleep};

#[cfg(not(feature = "proof"))]
mod free {
    use crate::sync::AtomicU32;

    pub(crate) const fn is_puppet() -> bool {
        false
    }

    /// Has somebody else seen to it that a lane about to sleep at `word` does not?
    pub(crate) const fn would_sleep(_word: &AtomicU32, _expected: u32) -> bool {
        false
    }
}

#[cfg(feature = "proof")]
mod strings {
    use crate::sync::{AtomicU32, Ordering};
    use std::cell::Cell;

    /// What becomes of a lane that would sleep.
    #[derive(Clone, Copy)]
    pub(crate) enum Idle {
        /// The run's stop word is set: so the lane returns.
        Stops(&'static AtomicU32),
        /// Somebody is asked; after that the lane looks again.
        Asks(fn()),
    }

    /// Where a lane that was stopped would have slept, and for what reason.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Slept {
        pub(crate) word: *const AtomicU32,
        pub(crate) reason: u32,
    }

    thread_local! {
        static IDLE: Cell<Option<Idle>> = const { Cell::new(None) };
        static SLEPT: Cell<Option<Slept>> = const { Cell::new(None) };
    }

    /// Drives a lane of this thread; says where it would have slept, if it was stopped for that.
    pub(crate) fn drive<R>(idle: Idle, lane: impl FnOnce() -> R) -> (R, Option<Slept>) {
        IDLE.set(Some(idle));
        SLEPT.set(None);
        let outcome = lane();
        IDLE.set(None);
        (outcome, SLEPT.take())
    }

    pub(crate) fn is_puppet() -> bool {
        IDLE.get().is_some()
    }

    /// Has somebody else seen to it that a lane about to sleep at `word` does not?
    pub(crate) fn would_sleep(word: &AtomicU32, reason: u32) -> bool {
        match IDLE.get() {
            None => return false,
            Some(Idle::Asks(ask)) => ask(),
            Some(Idle::Stops(stop)) => {
                SLEPT.set(Some(Slept { word, reason }));
                stop.store(1, Ordering::Relaxed);
            }
        }
        true
    }
}
