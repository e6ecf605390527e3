use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; map(|x| x * 2); };
}
