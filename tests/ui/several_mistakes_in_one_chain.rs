use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> u64>;
        procesor(double) => pip(3) -> balancd fork(2) { processr(double), } -> pipe -> join mrge -> sink;
    };
}

fn double(number: u64) -> u64 {
    number * 2
}
