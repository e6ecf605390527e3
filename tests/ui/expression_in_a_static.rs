use conveyor::{Pipeline, pipeline};

static DOUBLE: Pipeline<u64, u64> = pipeline! { <u64 -> u64>(by: u64 = 2); processor(|number| number * by) };

fn main() {
    DOUBLE.run([1]);
}
