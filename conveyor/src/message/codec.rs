//! Bytes in an arena: [`Encoder`] and [`Decoder`].
//!
//! Everything is written in native byte order, each plain value at a multiple of its alignment counted from the start
//! of the message, which itself starts at a multiple of [`ALIGN`]; so plain values can be viewed in place.

use super::Plain;
use crate::{Failure, Result};

/// Where a message may start, in bytes; no plain type may need more.
pub const ALIGN: usize = 16;

/// Writes a message into room of a fixed size. Past its end it only counts on, so that the caller learns how much
/// room the message needs.
pub struct Encoder {
    room: *mut u8,
    capacity: usize,
    len: usize,
}

impl Encoder {
    /// Writes into `room`.
    ///
    /// # Safety
    /// `room` is aligned to [`ALIGN`], and `capacity` bytes from it are writable and nobody else's while the encoder
    /// lives.
    pub(crate) unsafe fn new(room: *mut u8, capacity: usize) -> Encoder {
        Encoder { room, capacity, len: 0 }
    }

    /// How many bytes `write` encodes.
    pub(crate) fn measure(write: impl FnOnce(&mut Encoder)) -> usize {
        let mut encoder = Encoder { room: std::ptr::null_mut(), capacity: 0, len: 0 };
        write(&mut encoder);
        encoder.len
    }

    /// What has been written so far, or would have been with enough room, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number of items that follow.
    #[inline]
    pub fn length(&mut self, length: usize) {
        self.plain(&[length as u64]);
    }

    /// Plain values, as they lie in memory.
    #[inline]
    pub fn plain<T: Plain>(&mut self, items: &[T]) {
        const { assert!(align_of::<T>() <= ALIGN, "a plain message is aligned to at most 16 bytes") };
        let at = self.len.next_multiple_of(align_of::<T>());
        self.len = at + size_of_val(items);
        if self.len <= self.capacity {
            // SAFETY: there is room (just checked); the items have no padding, so all their bytes are initialised.
            unsafe { self.room.add(at).copy_from_nonoverlapping(items.as_ptr().cast(), size_of_val(items)) };
        }
    }
}

/// Reads a message. Nothing it meets is trusted: lengths are checked against what is there.
#[derive(Clone, Copy)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Decoder<'a> {
    /// Over one message; its first byte is aligned to [`ALIGN`].
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Decoder { bytes, at: 0 }
    }

    /// The number of items that follow.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn length(&mut self) -> Result<usize> {
        let length = self.plain::<u64>(1)?[0];
        usize::try_from(length).map_err(|_| Failure::new("damaged message: a length that cannot be"))
    }

    /// Plain values, where they lie.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn plain<T: Plain>(&mut self, count: usize) -> Result<&'a [T]> {
        let at = self.at.next_multiple_of(align_of::<T>());
        let end = count.checked_mul(size_of::<T>()).and_then(|size| at.checked_add(size));
        let bytes = end.and_then(|end| self.bytes.get(at..end));
        let Some(bytes) = bytes.filter(|bytes| bytes.as_ptr().cast::<T>().is_aligned()) else {
            return Err(Failure::new("damaged message: it ends too early"));
        };
        self.at = at + bytes.len();
        // SAFETY: in bounds and aligned (just checked), and any bytes are a plain value.
        Ok(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), count) })
    }
}
