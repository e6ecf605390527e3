use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! { <u64 -> u64>; processor(double) -> pipe(64u8) -> processor(double); };
}
