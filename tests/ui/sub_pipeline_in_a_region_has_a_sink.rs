use conveyor::pipeline;

pipeline! {
    Logged<u64 -> u64>;
    processor(|x| x) -> pipe -> replicated fork { sink(|x| println!("{x}")), processor(|x| x) };
}

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        pipeline logged = Logged;
        processor(|x| x) -> pipe -> replicated fork { logged, pipe } -> pipe -> join zip;
    };
}
