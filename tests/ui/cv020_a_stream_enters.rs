use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        join zip both;
        processor(double) -> pipe -> replicated fork { processor(double), sink(|_| ()) } -> pipe -> both;
        source(0..3u64) -> pipe -> both;
    };
}
