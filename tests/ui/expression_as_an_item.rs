use conveyor::pipeline;

pipeline! { <u64 -> u64>; processor(|x| x * 2) }

fn main() {}
