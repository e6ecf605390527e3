use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>(work: dyn Fn(u64) -> u64); processor(|x| work(x)) };
}
