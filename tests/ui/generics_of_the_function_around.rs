use conveyor::pipeline;

fn identity<T: conveyor::Message>() {
    pipeline! { Identity<T -> T>; processor(|x| x); }
}

fn main() {
    identity::<u64>();
}
