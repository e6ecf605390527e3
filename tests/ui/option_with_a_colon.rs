use conveyor::pipeline;

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe [when_full: drop_newest] -> processor(|x| x * 2)
    };
}
