use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! { use std::num::Wrapping; <u64 -> u64>; processor(double); };
}
