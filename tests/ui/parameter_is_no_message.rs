use conveyor::pipeline;

struct Point {
    x: f64,
}

fn main() {
    pipeline! {
        <f64 -> f64>(point: Point = Point { x: 0.5 });
        processor(|x: f64| x + point.x);
    };
}
