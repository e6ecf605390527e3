use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor first = double;
        processor second = double;
        join merge both;
        first -> pipe -> both;
        both -> second -> pipe -> both;
    };
}
