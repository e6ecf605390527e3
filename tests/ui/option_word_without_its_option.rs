use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(4) [drop_newest] -> processor(|x| x); };
}
