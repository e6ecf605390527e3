//! A message as bytes of its own, outside any ring: a pipeline's parameters, tests and benchmarks.

use super::{ALIGN, Decoder, Encoder, Message};
use crate::Result;

/// The bytes of one message.
#[derive(Default)]
pub struct Encoded {
    /// Longer than the message, which starts at the first multiple of [`ALIGN`] in memory.
    room: Vec<u8>,
    len: usize,
}

impl Encoded {
    /// Encodes a value.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn of<T: Message>(value: &T) -> Result<Encoded> {
        let mut encoded = Encoded::default();
        encoded.write(value)?;
        Ok(encoded)
    }

    /// Bytes that claim to be a message.
    pub fn from_bytes(bytes: &[u8]) -> Encoded {
        let mut encoded = Encoded { room: vec![0; bytes.len() + ALIGN], len: bytes.len() };
        let start = encoded.start();
        encoded.room[start..start + bytes.len()].copy_from_slice(bytes);
        encoded
    }

    /// Encodes another value into the same room.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn write<T: Message>(&mut self, value: &T) -> Result<()> {
        loop {
            let start = self.start();
            let room = self.room.get_mut(start..).unwrap_or_default();
            // SAFETY: the room starts at a multiple of `ALIGN`, and is borrowed exclusively.
            let mut encoder = unsafe { Encoder::new(room.as_mut_ptr(), room.len()) };
            value.encode(&mut encoder);
            self.len = encoder.finish()?;
            if self.len <= room.len() {
                return Ok(());
            }
            self.room.resize(self.len + ALIGN, 0);
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.room.get(self.start()..).and_then(|room| room.get(..self.len)).unwrap_or_default()
    }

    /// Reads the value back.
    ///
    /// # Errors
    /// When the bytes are damaged.
    pub fn decode<T: Message>(&self) -> Result<T> {
        T::decode(&mut Decoder::new(self.bytes()))
    }

    /// Looks at the value where it lies.
    ///
    /// # Errors
    /// When the bytes are damaged.
    pub fn view<T: Message>(&self) -> Result<T::View<'_>> {
        T::view(&mut Decoder::new(self.bytes()))
    }

    fn start(&self) -> usize {
        self.room.as_ptr().align_offset(ALIGN)
    }
}
