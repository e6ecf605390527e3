use conveyor::pipeline;

fn main() {
    let double = pipeline! { Double<u64 -> u64>; processor(|x| x * 2) };
    drop(double);
}
