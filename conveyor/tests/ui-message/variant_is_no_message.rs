#[derive(conveyor::Message)]
enum Reply {
    Nothing,
    Callback(Option<fn() -> u8>),
}

fn main() {}
