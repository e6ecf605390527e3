use conveyor::pipeline;

pipeline! {
    processor double = |x: u64| x * 2;
    double
}

fn main() {}
