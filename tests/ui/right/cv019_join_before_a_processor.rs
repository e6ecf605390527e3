use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let _ = pipeline! {
        <() -> u64>;
        processor last = double;
        join merge both;
        source(0..3u64) -> pipe -> both;
        source(0..3u64) -> pipe -> both;
        both -> last;
    };
}
