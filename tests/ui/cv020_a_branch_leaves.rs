use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        replicated fork split;
        processor(double) -> pipe -> split;
        join zip both;
        split -> processor(double) -> pipe -> both;
        split -> processor(double) -> pipe -> both;
        split -> sink(|_| ());
    };
}
