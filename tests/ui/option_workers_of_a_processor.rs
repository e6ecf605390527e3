use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor(|number| number * 2) [workers = 4] };
}
