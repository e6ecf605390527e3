#[derive(Clone, Copy, conveyor::Message)]
#[message(plain)]
#[repr(C)]
struct Pair<T> {
    x: T,
    y: T,
}

fn main() {}
