use conveyor::pipeline;

fn is_large(x: u64) -> bool {
    x > 3
}

fn main() {
    pipeline! { <u64 -> u64>; filter(is_large); };
}
