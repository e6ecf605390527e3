#[derive(conveyor::Message)]
#[message(packed)]
struct Point {
    x: f32,
}

fn main() {}
