use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let local = 3;
    pipeline! {
        <u64 -> u64>;
        processor(double) -> pipe [batch = local] -> processor(double);
    };
}
