use conveyor::{Message, pipeline};

#[derive(Message)]
#[message(plain)]
#[repr(C)]
struct Point {
    x: f32,
    y: f32,
}

fn main() {
    pipeline! { <Point -> Point>; filter(|point| point.x > point.y); };
}
