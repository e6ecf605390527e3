use conveyor::pipeline;

pipeline! { Apply<u64 -> u64>(apply: impl Fn(u64) -> u64); processor(|number| apply(number)); }

fn main() {
    Apply::pipeline(|number| number * 2).run([1]);
}
