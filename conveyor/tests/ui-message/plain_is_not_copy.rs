#[derive(conveyor::Message)]
#[message(plain)]
#[repr(C)]
struct Point {
    x: f32,
    y: f32,
}

fn main() {}
