use conveyor::pipeline;

fn main() {
    pipeline! {};
}
