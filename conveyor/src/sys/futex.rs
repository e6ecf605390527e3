//! Sleeping on a word of shared memory, and waking who sleeps there.
//!
//! The futexes are of the shared kind: a private one would not be found by another process.

use crate::sync::AtomicU32;
use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};
use std::time::Duration;

/// Why [`wait`] has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// Woken, or the word was not as expected, or for no reason at all: look at the word again.
    Look,
    /// The time is up.
    TimedOut,
}

/// Sleeps until it is woken, unless `word` is not `expected`.
pub(crate) fn wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) -> Woken {
    // A time too long for the kernel is as good as none.
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    match futex::wait(word, Flags::empty(), expected, timeout.as_ref()) {
        Err(Errno::TIMEDOUT) => Woken::TimedOut,
        // EAGAIN: the word has changed. EINTR: a signal.
        _ => Woken::Look,
    }
}

/// Wakes everybody who sleeps on `word`.
pub(crate) fn wake_all(word: &AtomicU32) {
    wake(word, i32::MAX as u32);
}

/// Wakes one of those who sleep on `word`.
pub(crate) fn wake_one(word: &AtomicU32) {
    wake(word, 1);
}

fn wake(word: &AtomicU32, count: u32) {
    // It fails for words that are misaligned or not mapped only, and a reference is neither.
    let _ = futex::wake(word, Flags::empty(), count);
}
