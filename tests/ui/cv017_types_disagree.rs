use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn length(text: String) -> u64 {
    text.len() as u64
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(double) -> pipe -> processor(length) -> pipe -> processor(double) -> pipe
            -> processor(|text: String| text.len() as u64);
    };
}
