use conveyor::pipeline;

fn is_above(least: u64) -> impl FnMut(&u64) -> bool {
    move |x| *x > least
}

fn main() {
    pipeline! { <u64 -> u64>; filter(is_above(3)); };
}
