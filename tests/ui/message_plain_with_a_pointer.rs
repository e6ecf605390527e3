use conveyor::{Message, pipeline};

#[derive(Clone, Copy, Message)]
#[message(plain)]
#[repr(C)]
struct Sample {
    at: *const u64,
    number: u64,
}

fn main() {
    pipeline! { <Sample -> u64>; processor(|sample| sample.number); };
}
