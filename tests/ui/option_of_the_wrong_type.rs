use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

fn main() {
    pipeline! {
        <u64 -> u64>(name: String = String::new());
        processor(double) -> pipe("many") -> balanced fork(name) { processor(double) } -> pipe [limit_bytes = 0.5]
            -> join merge;
    };
}
