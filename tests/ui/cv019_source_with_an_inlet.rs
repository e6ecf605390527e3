use conveyor::pipeline;

fn main() {
    pipeline! { source(0..3) -> pipe -> processor(double) -> pipe -> source(0..3) -> pipe -> sink(drop) };
}

fn double(number: u64) -> u64 {
    number * 2
}
