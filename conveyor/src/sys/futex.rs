//! Sleeping on a word of shared memory, and waking who sleeps there.
//!
//! The futexes are of the shared kind: a private one would not be found by another process.

use rustix::io::Errno;
use rustix::thread::ClockId;
use rustix::thread::futex::{self, Flags, Timespec, Wait, WaitFlags, WaitPtr, WaitvFlags};
use rustix::time::clock_gettime;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Why [`wait`] has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// Woken, or the word was not as expected, or for no reason at all: look at the word again.
    Look,
    /// The time is up.
    TimedOut,
}

/// Who cannot wait for two words at once looks this often at the other one.
const LOOK_EVERY: Duration = Duration::from_millis(1);

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

/// Sleeps until it is woken at either word, unless one is not as expected, or until the time is up.
pub(crate) fn wait_for_either(words: [(&AtomicU32, u32); 2], timeout: Option<Duration>) {
    let waiters = words.map(|(word, expected)| {
        let mut waiter = Wait::new();
        waiter.val = u64::from(expected);
        waiter.uaddr = WaitPtr::new(word.as_ptr().cast());
        waiter.flags = WaitFlags::SIZE_U32;
        waiter
    });
    // AGAIN: a word has changed. INTR: a signal. Anything else: the kernel is older than 5.16, or forbids the call.
    let now = clock_gettime(rustix::time::ClockId::Monotonic);
    let until = timeout.and_then(|timeout| now.checked_add(Timespec::try_from(timeout).ok()?));
    if let Err(error) = futex::waitv(&waiters, WaitvFlags::empty(), until.as_ref(), ClockId::Monotonic)
        && !matches!(error, Errno::AGAIN | Errno::INTR | Errno::TIMEDOUT)
    {
        let [(word, expected), _] = words;
        let _ = wait(word, expected, Some(LOOK_EVERY));
    }
}

/// Wakes everybody who sleeps on `word`.
pub(crate) fn wake_all(word: &AtomicU32) {
    // It fails for words that are misaligned or not mapped only, and a reference is neither.
    let _ = futex::wake(word, Flags::empty(), i32::MAX as u32);
}
