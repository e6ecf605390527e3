use conveyor::pipeline;

fn add(x: u64, y: u64) -> u64 {
    x + y
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(add);
    };
}
