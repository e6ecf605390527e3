use conveyor::pipeline;

pipeline! { Row<u64 -> u64>; processor(|x| x); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row = Row;
        join merge all;
        processor(|x| x) -> pipe -> all;
        row -> pipe -> all;
    };
}
