//! A message as bytes of its own, outside any ring: a pipeline's parameters, tests and benchmarks.

use super::kept::{Kept, collect};
use super::{ALIGN, Decoder, Encoder, Message};
use crate::Result;

/// The bytes of one message.
#[derive(Default)]
pub struct Encoded {
    room: Vec<u8>,
    /// Where the message starts in `room`: at a multiple of [`ALIGN`] in memory.
    start: usize,
    len: usize,
    /// What the value refers to, as long as its bytes are here.
    kept: Kept,
}

impl Clone for Encoded {
    /// The copy has a place of its own, and is aligned there.
    fn clone(&self) -> Encoded {
        let mut copy = Encoded::from_bytes(self.bytes());
        copy.kept.add(&self.kept);
        copy
    }
}

impl Encoded {
    /// Encodes a value.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn of<T: Message>(value: &T) -> Result<Encoded> {
        let mut encoded = Encoded::default();
        let (written, kept) = collect(|| encoded.write(value));
        encoded.kept = kept;
        written.map(|()| encoded)
    }

    /// Bytes that claim to be a message.
    pub fn from_bytes(bytes: &[u8]) -> Encoded {
        let mut encoded = Encoded::default();
        encoded.make_room(bytes.len());
        encoded.room[encoded.start..][..bytes.len()].copy_from_slice(bytes);
        encoded.len = bytes.len();
        encoded
    }

    /// Encodes another value into the same room.
    ///
    /// # Errors
    /// When it cannot be encoded.
    #[inline]
    pub fn write<T: Message>(&mut self, value: &T) -> Result<()> {
        let (needed, room) = self.try_write(value)?;
        if needed > room {
            self.make_room(needed);
            self.try_write(value)?;
        }
        Ok(())
    }

    /// What the bytes refer to.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Keeps that, too.
    pub(crate) fn keep(&mut self, others: &Kept) {
        self.kept.add(others);
    }

    /// The bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.room[self.start..][..self.len]
    }

    /// Reads the value back.
    ///
    /// # Errors
    /// When the bytes are damaged.
    #[inline]
    pub fn decode<T: Message>(&self) -> Result<T> {
        T::decode(&mut Decoder::new(self.bytes()))
    }

    /// Looks at the value where it lies.
    ///
    /// # Errors
    /// When the bytes are damaged.
    #[inline]
    pub fn view<T: Message>(&self) -> Result<T::View<'_>> {
        T::view(&mut Decoder::new(self.bytes()))
    }

    /// The length of the message and of the room; it has been written if it is not longer.
    #[inline]
    fn try_write<T: Message>(&mut self, value: &T) -> Result<(usize, usize)> {
        let room = &mut self.room[self.start..];
        // SAFETY: the room starts at a multiple of `ALIGN` (or is empty), and is borrowed exclusively.
        let mut encoder = unsafe { Encoder::new(room.as_mut_ptr(), room.len()) };
        value.encode(&mut encoder);
        let needed = encoder.finish()?;
        let room = room.len();
        self.len = needed.min(room);
        Ok((needed, room))
    }

    #[cold]
    fn make_room(&mut self, len: usize) {
        self.room = vec![0; len + ALIGN];
        self.start = self.room.as_ptr().align_offset(ALIGN);
    }
}
