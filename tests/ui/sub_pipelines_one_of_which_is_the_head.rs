use conveyor::pipeline;

pipeline! { Row<u64 -> u64>; processor(|x| x); }
pipeline! { Numbers<() -> u64>; source(0..3u64); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row = Row;
        pipeline numbers = Numbers;
        join merge both;
        row -> pipe -> both;
        numbers -> pipe -> both;
    };
}
