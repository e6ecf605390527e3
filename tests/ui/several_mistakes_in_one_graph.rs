use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor forgotten = double;
        join merge all;
        processor(double) -> pipe -> all;
        processor(double) -> pipe(0) -> all;
        all -> filter(|x, y| x) -> pipe -> replicated fork { processor(double), processor(double) }
            -> pipe -> processor(double) -> pipe -> balanced fork(2) { processor(double) } -> pipe -> join zip
            -> pipe -> source(0..3) -> pipe -> sink(drop);
    };
}

fn double(number: u64) -> u64 {
    number * 2
}
