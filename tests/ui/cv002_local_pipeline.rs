use conveyor::pipeline;

fn main() {
    let inner = pipeline! { <u64 -> u64>; processor(|number| number + 1); };
    pipeline! { <u64 -> u64>; processor(inner); };
}
