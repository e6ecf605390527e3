//! The codecs, each with room that it keeps from value to value.

use super::values::Everywhere;
use conveyor::private::Encoded;
use std::hint::black_box;

const ROOM: usize = 1 << 20;

pub trait Codec<T> {
    fn encode(&mut self, value: &T);
    /// The value encoded last.
    fn decode(&mut self) -> T;
}

#[derive(Default)]
pub struct Conveyor(Encoded);

impl Conveyor {
    pub fn view<T: Everywhere>(&self) {
        drop(black_box(self.0.view::<T>().expect("it is not damaged")));
    }
}

impl<T: Everywhere> Codec<T> for Conveyor {
    fn encode(&mut self, value: &T) {
        self.0.write(value).expect("it can be encoded");
    }
    fn decode(&mut self) -> T {
        self.0.decode().expect("it is not damaged")
    }
}

pub struct Wincode {
    room: Vec<u8>,
    len: usize,
}

impl Default for Wincode {
    fn default() -> Self {
        Wincode { room: vec![0; ROOM], len: 0 }
    }
}

impl<T: Everywhere> Codec<T> for Wincode {
    fn encode(&mut self, value: &T) {
        let mut rest = &mut self.room[..];
        wincode::serialize_into(&mut rest, value).expect("it can be encoded");
        self.len = ROOM - rest.len();
    }
    fn decode(&mut self) -> T {
        wincode::deserialize(&self.room[..self.len]).expect("it is not damaged")
    }
}

pub struct Postcard {
    room: Vec<u8>,
    len: usize,
}

impl Default for Postcard {
    fn default() -> Self {
        Postcard { room: vec![0; ROOM], len: 0 }
    }
}

impl<T: Everywhere> Codec<T> for Postcard {
    fn encode(&mut self, value: &T) {
        self.len = postcard::to_slice(value, &mut self.room).expect("it can be encoded").len();
    }
    fn decode(&mut self) -> T {
        postcard::from_bytes(&self.room[..self.len]).expect("it is not damaged")
    }
}

#[derive(Default)]
pub struct Bitcode {
    buffer: bitcode::Buffer,
    bytes: Vec<u8>,
}

impl<T: Everywhere> Codec<T> for Bitcode {
    fn encode(&mut self, value: &T) {
        let bytes = self.buffer.encode(value);
        // It hands its bytes over in room of its own; keeping them is part of encoding once, not of every call.
        if self.bytes.is_empty() {
            self.bytes = bytes.to_vec();
        }
    }
    fn decode(&mut self) -> T {
        self.buffer.decode(&self.bytes).expect("it is not damaged")
    }
}

/// What serde allows, instead of the derive.
#[derive(Default)]
pub struct BitcodeSerde(Vec<u8>);

impl<T: Everywhere> Codec<T> for BitcodeSerde {
    fn encode(&mut self, value: &T) {
        self.0 = bitcode::serialize(value).expect("it can be encoded");
    }
    fn decode(&mut self) -> T {
        bitcode::deserialize(&self.0).expect("it is not damaged")
    }
}
