use conveyor::pipeline;

struct Point {
    x: f64,
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(|x| Point { x }) -> pipe -> processor(|point| point.x);
    };
}
