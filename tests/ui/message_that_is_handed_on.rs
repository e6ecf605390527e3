use conveyor::pipeline;

struct Point {
    x: f64,
}

fn points() -> Vec<Point> {
    vec![Point { x: 0.5 }]
}

fn halve(point: Point) -> Point {
    Point { x: point.x / 2.0 }
}

fn show(point: Point) -> f64 {
    point.x
}

fn main() {
    pipeline! {
        source(points()) -> pipe -> processor(halve) -> pipe -> processor(|point: Point| point) -> pipe
            -> filter(|point| point.x > 0.0) -> pipe -> processor(show) -> pipe -> sink(|_x: f64| ());
    };
}
