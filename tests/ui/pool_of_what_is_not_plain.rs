use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        pool flags(8) of [bool; 1024];
        processor({ let _ = flags; double });
    };
}
