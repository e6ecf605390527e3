use conveyor::pipeline;

pipeline! { Row<u64 -> u64>; processor(|x| x); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row [stdin] = Row;
        row;
    };
}
