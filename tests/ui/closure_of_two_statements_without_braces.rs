use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor(|number| let twice = number * 2; twice) };
}
