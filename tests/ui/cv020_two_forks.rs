use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> (u64, u64, u64)>;
        processor(double) -> pipe -> replicated fork {
            processor(double),
            pipe -> replicated fork { processor(double), processor(double) },
        } -> pipe -> join zip;
    };
}

fn double(number: u64) -> u64 {
    number * 2
}
