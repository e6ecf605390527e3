use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

pipeline! { pub <u64 -> u64>; processor(double); }

fn main() {}
