//! A message as bytes of its own, outside any ring: a pipeline's parameters, tests and benchmarks.

use super::kept::{Kept, collect};
use super::{ALIGN, Decoder, Encoder, Message, Seq};
use crate::{Failure, Result};

/// How large a message may be of which all the room is made that it could need, in bytes.
const KNOWN_MAX: usize = 4096;

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

    /// Encodes several values, one behind the other.
    ///
    /// # Errors
    /// When one of them cannot be encoded.
    pub(crate) fn by(write: impl Fn(&mut Encoder)) -> Result<Encoded> {
        let mut encoded = Encoded::default();
        let (written, kept) = collect(|| encoded.write_by(write));
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
        match self.try_write_value(value)? {
            (needed, room) if needed > room => self.write_anew(value, needed),
            _ => Ok(()),
        }
    }

    #[inline]
    fn try_write_value<T: Message>(&mut self, value: &T) -> Result<(usize, usize)> {
        // SAFETY: room for a message, as `try_write` says.
        self.try_write(|start, room| unsafe { Encoder::write(value, start, room, None) })
    }

    #[cold]
    #[inline(never)]
    fn write_anew<T: Message>(&mut self, value: &T, needed: usize) -> Result<()> {
        // with as much room as there may ever be need for, the next ones are written without a look at it
        self.make_room(if T::BYTES_MAX <= KNOWN_MAX { T::BYTES_MAX.max(needed) } else { needed });
        self.try_write_value(value).map(|_| ())
    }

    fn write_by(&mut self, write: impl Fn(&mut Encoder)) -> Result<()> {
        let write = |start, room| {
            // SAFETY: room for a message, as `try_write` says.
            let mut encoder = unsafe { Encoder::new(start, room) };
            write(&mut encoder);
            encoder.finish()
        };
        let (needed, room) = self.try_write(write)?;
        if needed > room {
            self.make_room(needed);
            self.try_write(write)?;
        }
        Ok(())
    }

    /// Writes by a function that gets room, borrowed exclusively, which starts at a multiple of [`ALIGN`] (unless it is
    /// empty), and its length; it gives the length of the message, and has written it if that is not longer. Gives both
    /// lengths.
    #[inline]
    fn try_write(&mut self, write: impl FnOnce(*mut u8, usize) -> Result<usize>) -> Result<(usize, usize)> {
        let room = &mut self.room[self.start..];
        let (start, room) = (room.as_mut_ptr(), room.len());
        let needed = write(start, room)?;
        self.len = needed.min(room);
        Ok((needed, room))
    }

    /// What the bytes refer to.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What the bytes refer to, for somebody else to keep.
    pub(crate) fn take_kept(&mut self) -> Kept {
        std::mem::take(&mut self.kept)
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

    /// Reads parameters back, which may refer to memory that somebody keeps.
    ///
    /// # Errors
    /// When the bytes are damaged.
    pub(crate) fn decode_parameters<T: Message>(&self) -> Result<T> {
        T::decode(&mut Decoder::new(self.bytes()).with_references())
    }

    /// Looks at the value where it lies.
    ///
    /// # Errors
    /// When the bytes are damaged.
    #[inline]
    pub fn view<T: Message>(&self) -> Result<T::View<'_>> {
        T::view(&mut Decoder::new(self.bytes()))
    }

    #[cold]
    fn make_room(&mut self, len: usize) {
        self.room = vec![0; len + ALIGN];
        self.start = self.room.as_ptr().align_offset(ALIGN);
    }
}

/// A message inside another one: whoever reads it knows its type.
#[diagnostic::do_not_recommend]
impl Message for Encoded {
    type View<'a> = Decoder<'a>;
    type Run<'a> = Seq<'a, Encoded>;
    fn as_view(&self) -> Decoder<'_> {
        Decoder::new(self.bytes())
    }
    fn as_run(items: &[Encoded]) -> Seq<'_, Encoded> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        to.length(self.len);
        to.plain::<u128>(&[]); // it starts at a multiple of `ALIGN` here, too
        to.plain(self.bytes());
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Encoded> {
        bytes(from).map(Encoded::from_bytes)
    }
    fn view<'a>(from: &mut Decoder<'a>) -> Result<Decoder<'a>> {
        bytes(from).map(Decoder::new)
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Encoded>> {
        Seq::encoded(from)
    }
}

const _: () = assert!(align_of::<u128>() == ALIGN);

fn bytes<'a>(from: &mut Decoder<'a>) -> Result<&'a [u8]> {
    let len = from.value::<u64>()?;
    from.plain::<u128>(0)?;
    from.plain(usize::try_from(len).map_err(|_| Failure::damaged("a length that exceeds it"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_inside_another_is_read_where_it_lies() {
        let inner = Encoded::of(&vec![1.5_f64, 2.5]).unwrap();
        let outer = Encoded::of(&(7_u8, inner)).unwrap();
        let (_, mut inner) = outer.view::<(u8, Encoded)>().unwrap();
        assert_eq!(Vec::<f64>::view(&mut inner).unwrap(), [1.5, 2.5]);
        assert_eq!(outer.decode::<(u8, Encoded)>().unwrap().1.decode::<Vec<f64>>().unwrap(), [1.5, 2.5]);
        let short = Encoded::from_bytes(&outer.bytes()[..outer.bytes().len() - 1]);
        assert!(short.view::<(u8, Encoded)>().is_err());
    }
}
