use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    let _ = pipeline! {
        <u64 -> usize>;
        processor(double) -> pipe -> processor(|x| x.to_string()) -> pipe -> processor(|text: String| text.len());
    };
}
