use conveyor::pipeline;

pipeline! { Add<u64 -> u64>(more: u64); processor(|x| x + more) }

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> Add(1);
    };
}
