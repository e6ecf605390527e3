use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

pipeline! { pub Doubled; processor(double); }

fn main() {
    let _ = Doubled::pipeline();
}
