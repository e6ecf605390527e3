use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> usize>;
        processor(|number| number + 1) -> pipe -> processor(|text: &str| text.len());
    };
}
