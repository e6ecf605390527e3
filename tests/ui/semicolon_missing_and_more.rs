use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor first = |x| x + 1
        first -> pipe -> procesor(|x| x);
    };
}
