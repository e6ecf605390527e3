use conveyor::pipeline;

pipeline! { Empty<u64 -> u64>; }

fn main() {}
