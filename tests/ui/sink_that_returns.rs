use conveyor::pipeline;

fn main() {
    pipeline! {
        source(0..3u64) -> pipe -> sink(|x| x + 1);
    };
}
