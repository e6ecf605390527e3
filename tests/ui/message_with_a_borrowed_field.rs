use conveyor::Message;

#[derive(Message)]
struct Page {
    text: &'static str,
}

fn main() {}
