#![deny(warnings)]

use conveyor::pipeline;

fn main() {
    let by = 3;
    pipeline! { <u64 -> u64>(by: u64); processor(|x| x * 2); };
}
