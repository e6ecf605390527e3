use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(|x| x) } [policy = free] -> pipe -> join merge;
    };
}
