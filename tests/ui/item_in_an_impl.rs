use conveyor::pipeline;

struct Service;

impl Service {
    pipeline! {
        pub Doubled<u64 -> u64>;
        processor(|x| x * 2);
    }
}

fn main() {}
