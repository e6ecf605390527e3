use conveyor::pipeline;

struct Wrench;

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> processor(Wrench);
    };
}
