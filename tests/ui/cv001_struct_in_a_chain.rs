use conveyor::pipeline;

struct Scale {
    by: u64,
}

fn main() {
    pipeline! { <u64 -> u64>; processor(|number| number * 2) -> pipe -> Scale { by: 3 } };
    println!("{}", Scale { by: 3 }.by);
}
