use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; pipe large = 64; processor(double) -> large -> processor(double) };
}

fn double(number: u64) -> u64 {
    number * 2
}
