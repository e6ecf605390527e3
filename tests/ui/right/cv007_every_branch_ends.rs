use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        replicated fork split;
        join merge all;
        processor(double) -> pipe -> split;
        split -> processor(double) -> pipe -> all;
        split -> processor(double) -> pipe -> all;
        split -> sink(|_| ());
        all -> processor(double);
    };
}
