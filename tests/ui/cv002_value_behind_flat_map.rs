use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; flat_map(vec![1, 2]) };
}
