use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork {
            balanced fork(2) { processor(|x| x * 2) } -> pipe -> join ordered,
            processor(|x| x),
        } -> pipe -> join zip;
    };
}
