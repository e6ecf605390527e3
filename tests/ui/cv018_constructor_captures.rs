use conveyor::pipeline;

fn adder(by: u64) -> impl FnMut(u64) -> u64 {
    move |x| x + by
}

fn main() {
    let by = 3;
    pipeline! { <u64 -> u64>; processor(adder(by)); };
}
