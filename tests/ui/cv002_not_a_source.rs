use conveyor::pipeline;

fn main() {
    pipeline! { source(3u64) -> pipe -> sink(|_x: u64| ()); };
}
