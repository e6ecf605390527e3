#[derive(conveyor::Message)]
enum Color {
    #[message(plain)]
    Red,
}

fn main() {}
