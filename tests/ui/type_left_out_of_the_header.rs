use conveyor::pipeline;

pipeline! {
    Double<_ -> u64>;
    processor(|x: u64| x * 2)
}

fn main() {
    let _ = Double::pipeline();
}
