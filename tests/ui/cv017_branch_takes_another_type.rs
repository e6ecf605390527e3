use conveyor::pipeline;

fn length(text: String) -> u64 {
    text.len() as u64
}

pipeline! { Length<String -> u64>; processor(length) }

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> balanced fork { processor(length), pipe } -> pipe -> join merge
    };
    pipeline! {
        <u64 -> u64>;
        pipeline inner = Length;
        processor(|x| x + 1) -> pipe -> balanced fork(2) { inner } -> pipe -> join merge
    };
}
