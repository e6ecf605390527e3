use conveyor::{Message, pipeline};

#[derive(Clone, Message)]
struct Frame {
    pixels: Vec<u8>,
}

fn main() {
    let _ = pipeline! {
        <Frame -> u64>;
        processor(|frame: Frame| frame) -> pipe -> replicated fork {
            processor(|frame: Frame| frame.pixels.len() as u64),
            processor(|frame: Frame| u64::from(frame.pixels[0])),
        } -> pipe -> join merge;
    };
}
