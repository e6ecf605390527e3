use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <() -> u64>;
        replicated fork split;
        join merge all;
        split -> processor(double) -> pipe -> all;
        split -> processor(double) -> pipe -> all;
    };
}
