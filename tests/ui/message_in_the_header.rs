use conveyor::pipeline;

struct Point {
    x: f64,
}

fn main() {
    pipeline! {
        <Point -> f64>;
        processor(|point| point.x);
    };
}
