use conveyor::{Message, pipeline};

#[derive(Message)]
struct Point {
    x: f64,
}

fn show(point: &Point) -> f64 {
    point.x
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(|x| Point { x }) -> pipe -> processor(show);
    };
}
