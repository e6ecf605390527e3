#[derive(conveyor::Message)]
struct Point {
    #[message(skip)]
    x: f32,
}

fn main() {}
