use conveyor::pipeline;

fn main() {
    pipeline! {
        source jobs = 0..10u64 [deterministic];
        jobs -> pipe -> sink(|_| ());
    };
}
