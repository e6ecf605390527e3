use conveyor::pipeline;

pipeline! { Identity<u64 -> u64>; processor(|x| x); }

fn main() {
    pipeline! { <u64 -> u64>; processor same = Identity<u64 -> u64>; same; };
}
