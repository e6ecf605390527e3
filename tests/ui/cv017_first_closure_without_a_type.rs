use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! { processor(|x| x + 1) -> pipe -> processor(double); };
}
