use conveyor::pipeline;

fn main() {
    pipeline! { source_iter(0..3_u64) -> pipe -> sink(|_| ()); };
}
