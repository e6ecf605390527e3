#[derive(Clone, Copy, conveyor::Message)]
#[message(plain)]
#[repr(C)]
struct Trade {
    price: u32,
    buys: bool,
}

fn main() {}
