use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipe wide [batch = 3] (10);
        processor(|x| x) -> wide -> processor(|x| x) -> pipe [batch = 3] (10) -> processor(|x| x);
    };
}
