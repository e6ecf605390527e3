mod parts {
    conveyor::pipeline! { Double<u64 -> u64>; processor(|number| number * 2); }
}

fn main() {
    parts::Double::pipeline();
}
