use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        replicated fork both = { processor(double), pipe };
        processor(double) -> pipe -> both -> pipe -> join merge;
    };
}

fn double(number: u64) -> u64 {
    number * 2
}
