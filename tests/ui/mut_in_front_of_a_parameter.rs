use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>(mut by: u64 = 3); processor(|x| x * *by); };
}
