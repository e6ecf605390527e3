use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x + 1) -> pipe -> replicated fork [processor(|x| x * 2), pipe] -> pipe -> join zip
    };
}
