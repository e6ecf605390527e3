#[derive(Clone, Copy, conveyor::Message)]
#[message(plain)]
struct Point {
    x: f32,
    y: f32,
}

fn main() {}
