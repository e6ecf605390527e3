use conveyor::{Message, pipeline};

#[derive(Message)]
struct Reading {
    celsius: f64,
}

fn is_warm(reading: &Reading) -> bool {
    reading.celsius > 20.0
}

fn main() {
    pipeline! { <Reading -> Reading>; filter(is_warm); };
}
