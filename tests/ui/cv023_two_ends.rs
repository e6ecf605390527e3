use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        join merge left;
        join merge right;
        replicated fork split;
        processor(double) -> pipe -> split;
        split -> processor(double) -> pipe -> left;
        split -> processor(double) -> pipe -> right;
        source(0..3u64) -> pipe -> left -> processor(double);
        source(0..3u64) -> pipe -> right -> processor(double);
    };
}
