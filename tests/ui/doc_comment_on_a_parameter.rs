use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>(/** How often. */ by: u64 = 3); processor(|x| x * *by); };
}
