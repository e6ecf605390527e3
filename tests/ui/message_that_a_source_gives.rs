use conveyor::pipeline;

struct Point {
    x: f64,
}

fn main() {
    pipeline! {
        source([Point { x: 0.5 }]) -> pipe -> sink(|_| ());
    };
}
