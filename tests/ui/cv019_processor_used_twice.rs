use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor second = double;
        replicated fork split;
        join merge both;
        processor(double) -> pipe -> split;
        split -> second -> pipe -> both;
        split -> second -> pipe -> both;
    };
}
