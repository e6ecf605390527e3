#[derive(Clone, Copy, conveyor::Message)]
#[message(plain)]
#[repr(C)]
struct Trade {
    venue: u32,
    price: f64,
}

fn main() {}
