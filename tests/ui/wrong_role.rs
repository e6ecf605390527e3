use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> ()>; filter_map(|x| x + 1) -> pipe -> sink(|x: u64| x + 1); };
}
