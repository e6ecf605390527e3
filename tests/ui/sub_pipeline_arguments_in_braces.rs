use conveyor::pipeline;

pipeline! { Affine<u64 -> u64>(by: u64, plus: u64); processor(|number| number * by + plus); }

fn main() {
    pipeline! { <u64 -> u64>; pipeline row = Affine { by: 2, plus: 3 }; row };
}
