use conveyor::pipeline;

pipeline! {
    Double<u64 -> u64> where u64: Copy;
    processor(|x: u64| x + x);
}

fn main() {}
