use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor(x => x * 2); };
}
