use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor load-orders = |number| number * 2; };
}
