use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; double() -> pipe -> processor(double) };
}

fn double(number: u64) -> u64 {
    number * 2
}
