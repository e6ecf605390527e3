use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        join merge both;
        processor(double) -> pipe -> both;
        source(0..3u64) -> pipe -> both;
    };
}
