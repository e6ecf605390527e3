use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        join merge all;
        replicated fork split;
        processor first = double;
        first -> pipe -> split;
        split -> processor(double) -> pipe -> all;
        source(0..3u64) -> pipe -> all;
        split -> processor(double);
    };
}
