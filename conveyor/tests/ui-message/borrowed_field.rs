#[derive(conveyor::Message)]
struct Line<'a> {
    text: &'a str,
}

fn main() {}
