use conveyor::pipeline;

pipeline! {
    Scale<u64 -> u64>(factor: u64, factor: u64);
    processor(|x| x * factor)
}

fn main() {}
