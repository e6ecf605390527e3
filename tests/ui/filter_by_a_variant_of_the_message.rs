use conveyor::{Message, pipeline};

#[derive(Message)]
enum Event {
    Tick(u64),
    Stop,
}

fn main() {
    pipeline! { <Event -> Event>; filter(|event| matches!(event, Event::Tick(_))); };
}
