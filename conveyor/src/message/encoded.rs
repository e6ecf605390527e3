//! A message as bytes of its own, outside any ring: a pipeline's parameters, tests and benchmarks.

use super::{ALIGN, Decoder, Encoder, Message};
use crate::Result;

/// How large a message may be of which all the room is made that it could need, in bytes.
const KNOWN_MAX: usize = 4096;

/// The bytes of one message.
#[derive(Default)]
pub struct Encoded {
    room: Vec<u8>,
    /// Where the message starts in `room`: at a multiple of [`ALIGN`] in memory.
    start: usize,
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
            // with as much room as there may ever be need for, the next ones are written without a look at it
            self.make_room(if T::BYTES_MAX <= KNOWN_MAX { T::BYTES_MAX.max(needed) } else { needed });
            self.try_write(value)?;
        }
        Ok(())
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
        let (start, room) = (room.as_mut_ptr(), room.len());
        // SAFETY: the room starts at a multiple of `ALIGN` (or is empty), and is borrowed exclusively.
        let needed = unsafe { Encoder::write(value, start, room, None) }?;
        self.len = needed.min(room);
        Ok((needed, room))
    }

    #[cold]
    fn make_room(&mut self, len: usize) {
        self.room = vec![0; len + ALIGN];
        self.start = self.room.as_ptr().align_offset(ALIGN);
    }
}
