use conveyor::pipeline;

mod parts {
    conveyor::pipeline! { pub Double<u64 -> u64>; processor(|x| x * 2); }
}

fn main() {
    pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> parts::Double; };
}
