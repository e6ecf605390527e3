use conveyor::pipeline;

pipeline! { Affine<u64 -> u64>(by: u64, add: String); processor(|x| x * by + add.len() as u64); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row = Affine(2);
        row;
    };
}
