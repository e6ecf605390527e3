#[derive(conveyor::Message)]
enum Never {}

fn main() {}
