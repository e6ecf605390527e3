use conveyor::pipeline;

fn length(text: String) -> u64 {
    text.len() as u64
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> balanced fork { processor(length), pipe } -> pipe -> join merge
    };
}
