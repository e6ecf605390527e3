use conveyor::pipeline;

fn main() {
    pipeline! { <T -> T>; processor(|x| x) };
}
