use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        join merge both;
        processor(double) -> pipe -> both;
        processor(double) -> pipe -> both;
    };
}
