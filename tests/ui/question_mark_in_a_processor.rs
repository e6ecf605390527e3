use conveyor::pipeline;

fn main() {
    pipeline! {
        <String -> u64>;
        processor(|text: String| text.parse::<u64>()?);
    };
}
