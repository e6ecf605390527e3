use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> impl ToString>; processor(|x| x); };
}
