use conveyor::pipeline;

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        processor(async |x| x + 1)
    };
}
