//! Sleeping by futex, as bells want it.

use crate::ring::bell::Sleep;
use crate::sync::{AtomicU32, puppet};
#[cfg(not(loom))]
use crate::sys::futex;
use std::time::{Duration, Instant};

#[derive(Clone, Copy)]
pub(crate) struct Futex;

/// Who sleeps looks again after so long, even if nobody has woken it: its bell may have been written over by somebody who
/// writes where it must not.
#[cfg(not(loom))]
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Who naps is not woken.
#[cfg(not(loom))]
static NOBODY: AtomicU32 = AtomicU32::new(0);

#[cfg(not(loom))]
impl Sleep for Futex {
    fn yield_now(&self) {
        if puppet::is_puppet() {
            return; // nobody else works meanwhile
        }
        std::thread::yield_now();
    }

    fn nap(&self, time: Duration) {
        if puppet::asked() {
            return;
        }
        let _ = futex::wait(&NOBODY, 0, Some(time));
    }

    fn wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Instant>) {
        if puppet::asked() {
            return;
        }
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let _ = futex::wait(word, expected, Some(left.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN)));
    }

    fn wait_for_either(&self, words: [(&AtomicU32, u32); 2]) {
        futex::wait_for_either(words, Some(LOOK_AGAIN));
    }

    fn wake(&self, word: &AtomicU32) {
        futex::wake_all(word);
    }
}

/// In a model there is no kernel: who sleeps looks again and again, and who wakes has nothing to do. Like the kernel it looks
/// at the word as it is now: an exchange does, where a load might see an old value for ever.
#[cfg(loom)]
impl Sleep for Futex {
    fn yield_now(&self) {
        loom::thread::yield_now();
    }

    fn nap(&self, _: Duration) {
        loom::thread::yield_now();
    }

    fn wait(&self, word: &AtomicU32, expected: u32, _: Option<Instant>) {
        while word.fetch_or(0, crate::sync::Ordering::Relaxed) == expected && !puppet::asked() {
            loom::thread::yield_now();
        }
    }

    fn wait_for_either(&self, words: [(&AtomicU32, u32); 2]) {
        let is_as_expected = |(word, expected): &(&AtomicU32, u32)| {
            word.fetch_or(0, crate::sync::Ordering::Relaxed) == *expected
        };
        while words.iter().all(is_as_expected) {
            loom::thread::yield_now();
        }
    }

    fn wake(&self, _: &AtomicU32) {}
}
