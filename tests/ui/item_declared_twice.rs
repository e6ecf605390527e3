use conveyor::pipeline;

pipeline! { Double<u64 -> u64>; processor(|x| x * 2) }

pipeline! { Double<u64 -> u64>; processor(|x| x + x) -> pipe -> processor(|x| x) }

fn main() {
    Double::pipeline();
}
