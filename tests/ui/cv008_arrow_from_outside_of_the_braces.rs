use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        join merge all;
        processor(double) -> pipe -> balanced fork(2) { processor(double) -> pipe -> all -> processor(double) } -> pipe -> join merge;
        source(0..3) -> pipe -> all;
    };
}

fn double(number: u64) -> u64 {
    number * 2
}
