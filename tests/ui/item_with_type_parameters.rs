use conveyor::pipeline;

pipeline! { Identity<T -> T>; processor(|x| x); }

fn main() {}
