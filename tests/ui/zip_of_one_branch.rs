use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        replicated fork split;
        join zip both;
        processor(|x| x + 1) -> pipe -> split;
        split -> processor(|x| x * 2) -> pipe -> both;
    };
}
