//! Sleeping by futex, as bells want it.

use crate::ring::bell::Sleep;
use crate::sync::{AtomicU32, puppet};
use crate::sys::futex;
use std::time::Instant;

#[derive(Clone, Copy)]
pub(crate) struct Futex;

impl Sleep for Futex {
    fn yield_now(&self) {
        if puppet::is_puppet() {
            return; // nobody else works meanwhile
        }
        std::thread::yield_now();
    }

    fn wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Instant>) {
        if puppet::asked() {
            return;
        }
        let timeout = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let _ = futex::wait(word, expected, timeout);
    }

    fn wait_for_either(&self, words: [(&AtomicU32, u32); 2]) {
        futex::wait_for_either(words);
    }

    fn wake(&self, word: &AtomicU32) {
        futex::wake_all(word);
    }
}
