use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>(factor);
        processor(|x| x * factor);
    };
}
