use conveyor::pipeline;

fn main() {
    let by = 3;
    let _ = pipeline! {
        <u64 -> u64>(by: u64);
        processor(|x| x + by);
    };
}
