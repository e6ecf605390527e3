use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

pipeline! {
    /// The error inside is the only one.
    pub Doubled<u64 -> u64>(room: usize);
    processor(double) -> pipe(*room) -> pipe -> processor(double);
}

fn main() {
    let _ = Doubled::graph().dot();
    let _: conveyor::Pipeline<u64, u64> = Doubled::pipeline(3);
}
