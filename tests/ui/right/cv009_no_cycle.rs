use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        processor first = double;
        processor second = double;
        first -> pipe -> second -> pipe -> processor(double);
    };
}
