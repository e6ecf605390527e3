use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; filter_map(Some(3)) };
}
