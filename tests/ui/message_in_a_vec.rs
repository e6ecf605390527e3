use conveyor::pipeline;

struct Point {
    x: f64,
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(|x| vec![Some(Point { x })]) -> pipe -> processor(|points: Vec<Option<Point>>| points.len() as f64);
    };
}
