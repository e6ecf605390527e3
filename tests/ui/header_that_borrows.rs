use conveyor::pipeline;

fn main() {
    pipeline! {
        <&str -> usize>;
        processor(|text: &str| text.len());
    };
}
