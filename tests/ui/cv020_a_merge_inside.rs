use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        processor(double) -> pipe -> replicated fork {
            processor(double),
            pipe -> balanced fork(2) { processor(double) } -> pipe -> join merge,
        } -> pipe -> join zip;
    };
}

fn double(number: u64) -> u64 {
    number * 2
}
