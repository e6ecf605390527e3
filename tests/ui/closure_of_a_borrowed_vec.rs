use conveyor::pipeline;

fn main() {
    pipeline! { <Vec<u64> -> u64>; processor(|numbers: &Vec<u64>| numbers.iter().sum()); };
}
