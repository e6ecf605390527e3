//! Maps as programs write them, in every context.

mod arrays;
mod errors;
mod folds;
mod hooks;
mod kills;
mod nested;
mod pools;
mod running;
mod values;

use conveyor::{Context, Workers};

const CONTEXTS: [Context; 3] = [Context::Serial, Context::Threads, Context::Processes];

/// So many workers; in the serial context one.
fn workers(context: Context, number: usize) -> Workers {
    Workers::builder().number(number).context(context).start().expect("they start")
}
