use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        flat_map(|x| x + 1);
    };
}
