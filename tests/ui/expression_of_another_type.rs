use conveyor::{Pipeline, pipeline};

fn names() -> Pipeline<u64, String> {
    pipeline! { <u64 -> u64>; processor(|number| number * 2) }
}

fn main() {
    names();
}
