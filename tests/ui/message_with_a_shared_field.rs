use conveyor::Message;
use std::sync::Arc;

#[derive(Message)]
struct Page {
    text: Arc<str>,
}

fn main() {}
