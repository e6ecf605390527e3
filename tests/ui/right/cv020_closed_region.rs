use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let _ = pipeline! {
        <u64 -> (u64, u64)>;
        replicated fork split;
        join zip both;
        processor(double) -> pipe -> split;
        split -> processor(double) -> pipe -> both;
        split -> processor(double) -> pipe -> both;
    };
}
