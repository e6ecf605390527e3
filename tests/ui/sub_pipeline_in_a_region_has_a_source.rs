use conveyor::pipeline;

pipeline! {
    Mixed<u64 -> u64>;
    source own = 0..3_u64;
    join merge all;
    processor(|x| x) -> pipe -> all;
    own -> pipe -> all;
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline mixed = Mixed;
        processor(|x| x) -> pipe -> balanced fork { mixed, pipe } -> pipe -> join ordered;
    };
}
