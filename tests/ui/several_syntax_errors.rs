use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor first = ;
        processor second = double() double;
        first => second;
        first - second -> ;
        #[cfg(unix)]
        processor third = double;
    };
}
