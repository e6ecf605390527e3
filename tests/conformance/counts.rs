//! Numbers that a test and what it runs share, in whatever context: what has happened, and what somebody waits for.

use conveyor::SharedArray;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) type Counts = SharedArray<AtomicU64>;

pub(crate) fn counts(number: usize) -> Counts {
    SharedArray::zeros(number).expect("there is memory")
}

/// How often it has happened, with this time.
pub(crate) fn count(counts: &Counts, which: usize) -> u64 {
    counts[[which]].fetch_add(1, Ordering::SeqCst) + 1
}

pub(crate) fn so_far(counts: &Counts, which: usize) -> u64 {
    counts[[which]].load(Ordering::SeqCst)
}

pub(crate) fn wait_for(counts: &Counts, which: usize, least: u64) {
    while so_far(counts, which) < least {
        std::thread::yield_now();
    }
}
