use conveyor::pipeline;

pipeline! { Affine<u64 -> u64>(by: u64); processor(|x| x * by) -> pip; }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline affine = Affine(3);
        affine -> pipe -> processor(|x| x + 1);
    };
}
