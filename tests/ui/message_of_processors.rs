use conveyor::{Processor, Result, pipeline};

struct Point {
    x: f64,
}

struct Halve;

impl Processor for Halve {
    type In = f64;
    type Out = Point;
    fn process(&mut self, x: f64) -> Result<Point> {
        Ok(Point { x: x / 2.0 })
    }
}

fn show(point: Point) -> f64 {
    point.x
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(Halve) -> pipe -> processor(show) -> pipe -> processor(f64::abs);
    };
}
