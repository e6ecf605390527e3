use conveyor::pipeline;

struct Point {
    x: f64,
}

fn midpoint(x: f64) -> Point {
    Point { x: x / 2.0 }
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(midpoint) -> pipe -> processor(|x: f64| x);
    };
}
