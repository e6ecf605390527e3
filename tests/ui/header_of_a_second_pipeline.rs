use conveyor::pipeline;

pipeline! {
    Double<u64 -> u64>;
    processor(|number| number * 2);
    Triple<u64 -> u64>;
    processor(|number| number * 3);
}

fn main() {}
