use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn is_above(least: u64) -> impl FnMut(&u64) -> bool {
    move |x| *x > least
}

fn main() {
    pipeline! { <u64 -> u64>; filter(is_above(3)) -> pipe -> processor(|x, y| x + double(y)); };
}
