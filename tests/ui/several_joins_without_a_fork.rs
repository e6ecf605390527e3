use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> join zip };
    pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> join ordered };
}
