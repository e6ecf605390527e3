use conveyor::pipeline;

mod parts {
    conveyor::pipeline! { pub Times<u64 -> u64>(factor: u64); processor(|x| x * factor); }
}

fn main() {
    pipeline! { <u64 -> u64>; pipeline thrice = parts::Times(factor = 3); thrice; };
}
