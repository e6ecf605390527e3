use conveyor::pipeline;

fn main() {
    pipeline! { <String -> u64>; processor(u64::from) };
}
