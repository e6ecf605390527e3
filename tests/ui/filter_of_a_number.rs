use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; filter(|x| x + 1); };
}
