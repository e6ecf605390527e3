use conveyor::pipeline;

fn main() {
    let double = pipeline! { <u64 -> u64>; processor(|number| number * 2) };
    pipeline! { <u64 -> u64>; pipeline twice = double; twice };
}
