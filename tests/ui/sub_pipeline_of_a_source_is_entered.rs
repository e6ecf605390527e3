use conveyor::pipeline;

pipeline! { Numbers<() -> u64>; source(0..3_u64); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline numbers = Numbers;
        processor(|x: u64| x) -> pipe -> numbers;
    };
}
