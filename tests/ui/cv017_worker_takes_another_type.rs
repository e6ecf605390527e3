use conveyor::pipeline;

pipeline! { Length<String -> u64>; processor(|text: String| text.len() as u64) }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline inner = Length;
        processor(|x| x + 1) -> pipe -> balanced fork(2) { inner } -> pipe -> join merge
    };
}
