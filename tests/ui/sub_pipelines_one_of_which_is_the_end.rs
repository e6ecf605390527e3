use conveyor::pipeline;

pipeline! { Row<u64 -> u64>; processor(|x| x); }
pipeline! { Stored<u64 -> ()>; sink(|_| ()); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row = Row;
        pipeline stored = Stored;
        processor(|x| x) -> pipe -> replicated fork { stored, row };
    };
}
