use conveyor::pipeline;

pipeline! { Double<u64 -> u64>; processor(|x| x * 2) }

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        processor double = Double;
        double -> pipe -> processor(|x| x + 1)
    };
}
