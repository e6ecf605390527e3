use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> balanced fork[4] { processor(|x| x * 2) } -> pipe -> join ordered
    };
}
