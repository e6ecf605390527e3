//! Maps as programs write them, in every context.

#[path = "../conformance/harness.rs"]
#[allow(dead_code, unused_macros, reason = "these tests need only the watchdog")]
mod harness;

#[path = "../compiler/mod.rs"]
mod compiler;
#[path = "../conformance/counts.rs"]
mod counts;
#[cfg(target_os = "linux")]
#[path = "../conformance/proc.rs"]
#[expect(dead_code, reason = "these tests need only faults")]
mod proc;

mod arrays;
mod defaults;
mod errors;
mod folds;
mod hooks;
mod items;
mod kills;
#[cfg(target_os = "linux")]
mod library;
mod memory;
mod nested;
mod pools;
mod progress;
mod refused;
mod running;
mod values;

use conveyor::{Backend, Context, Fuse, Workers};
use counts::{count, counts, wait_for};
use harness::Place;

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
