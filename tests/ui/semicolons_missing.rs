use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>
        processor first = |x| x + 1
        join zap both
        replicated fork split
        first -> pipe => split
        split -> procesor(|x| x) -> both;
        split -> procesor(|x| x) -> both
    };
    pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1)
        -> pipe
        -> processor(|x| x - 1)
        procesor last = |x| x;
    };
}
