use conveyor::pipeline;

pipeline! { Affine<u64 -> u64>(by: u64; plus: u64); processor(|number| number * by + plus); }

fn main() {
    Affine::pipeline(2, 3);
}
