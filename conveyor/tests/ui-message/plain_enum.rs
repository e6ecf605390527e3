#[derive(Clone, Copy, conveyor::Message)]
#[message(plain)]
#[repr(u8)]
enum Color {
    Red,
    Green,
}

fn main() {}
