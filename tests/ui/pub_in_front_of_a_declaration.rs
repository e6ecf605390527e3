use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; pub processor double = |number| number * 2; double };
}
