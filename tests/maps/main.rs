//! Maps as programs write them, in every context.

#[path = "../conformance/harness.rs"]
#[allow(dead_code, unused_macros, reason = "these tests need only the watchdog")]
mod harness;

mod arrays;
mod errors;
mod folds;
mod hooks;
mod kills;
mod nested;
mod pools;
mod progress;
mod running;
mod values;

use conveyor::{Backend, Context, Fuse, SharedArray, Workers};
use harness::Place;
use std::sync::atomic::{AtomicU64, Ordering};

const CONTEXTS: [Context; 3] = [Context::Serial, Context::Threads, Context::Processes];

/// So many workers; in the serial context one.
fn workers(context: Context, number: usize) -> Workers {
    Workers::builder().number(number).context(context).start().expect("they start")
}

/// Runs a test that may hang where kernels are at work side by side.
fn side_by_side(name: &'static str, test: fn(Place)) {
    for context in [Context::Threads, Context::Processes] {
        harness::watched(name, Place(context, Backend::Memfd, Fuse::None), test);
    }
}

/// What kernels count, and wait for.
type Counts = SharedArray<AtomicU64>;

fn counts(number: usize) -> Counts {
    SharedArray::zeros(number).expect("there is memory")
}

fn count(counts: &Counts, which: usize) -> u64 {
    counts[[which]].fetch_add(1, Ordering::SeqCst) + 1
}

fn wait_for(counts: &Counts, which: usize, least: u64) {
    while counts[[which]].load(Ordering::SeqCst) < least {
        std::thread::yield_now();
    }
}
