use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor(double) -> pipe -> balanced fork(2) { processor(double) } };
}

fn double(number: u64) -> u64 {
    number * 2
}
