//! Reads a message from bytes, which may be damaged: nothing here is trusted.
//!
//! Invariants: `bytes` starts at a multiple of [`ALIGN`] and `at` only grows, so a plain value at a multiple of its own
//! alignment can be referred to in place. Every length is copied once and then checked against the bytes that are left.

use super::encoder::{ALIGN, NESTING_MAX, align, levels};
use super::{IsPlain, Plain};
use crate::memory::Tray;
use crate::{Failure, Result};

/// What `Vec::with_capacity` may take on the word of a length alone, in bytes.
const PREALLOCATE_BYTES_MAX: usize = 1 << 20;

/// Text, if it is. Most text is ASCII, and to see that takes half as long.
#[inline]
pub(super) fn text(bytes: &[u8]) -> Result<&str> {
    if bytes.is_ascii() {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    std::str::from_utf8(bytes).map_err(|error| damaged(&error.to_string()))
}

/// An error that says what is wrong with the bytes.
#[cold]
pub(super) fn damaged(what: &str) -> Failure {
    Failure::damaged(what)
}

/// Reads a message. Nothing it meets is trusted: lengths are checked against what is there. See [`Encoder`](super::Encoder) for
/// an example.
#[derive(Clone, Copy)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    /// Parameters or a share of a map, whose bytes this program wrote: they may refer to memory (`kept`).
    may_refer: bool,
    /// Takes over chunks that come by handle.
    tray: Option<&'a Tray>,
}

#[repr(align(16))]
struct Nothing([u8; 0]);
static NOTHING: Nothing = Nothing([]);

impl<'a> Decoder<'a> {
    /// Over one message. Bytes that do not start at a multiple of [`ALIGN`] are no message: they count as none.
    #[inline]
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let aligned = bytes.as_ptr().addr().is_multiple_of(ALIGN);
        Decoder {
            bytes: if aligned { bytes } else { &NOTHING.0 },
            at: 0,
            depth: 0,
            may_refer: false,
            tray: None,
        }
    }

    /// For messages that may hold chunks.
    #[inline]
    pub(crate) fn with_tray(self, tray: Option<&'a Tray>) -> Self {
        Decoder { tray, ..self }
    }

    /// For parameters and for shares of maps, which may refer to memory that somebody keeps.
    #[inline]
    pub(crate) fn with_references(self) -> Self {
        Decoder { may_refer: true, ..self }
    }

    /// May what is in the message refer to memory outside of it?
    pub(crate) fn may_refer(&self) -> bool {
        self.may_refer
    }

    /// What takes over chunks.
    pub(crate) fn tray(&self) -> Option<&'a Tray> {
        self.tray
    }

    /// The number of items that follow. It never exceeds the number of bytes that are left.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn length(&mut self) -> Result<usize> {
        let length = self.value::<u64>()?;
        match usize::try_from(length) {
            Ok(length) if length <= self.bytes.len() - self.at => Ok(length),
            _ => Err(damaged("a length that exceeds it")),
        }
    }

    /// Which of `count` variants of an enum follows: below `count`.
    ///
    /// # Errors
    /// When there is no such variant, or the message ends too early.
    #[inline]
    pub fn variant(&mut self, count: u32) -> Result<u32> {
        let index = match count {
            0..=0x100 => self.value::<u8>()?.into(),
            0x101..=0x1_0000 => self.value::<u16>()?.into(),
            _ => self.value::<u32>()?,
        };
        if index < count { Ok(index) } else { Err(damaged("an enum's variant that does not exist")) }
    }

    /// One plain value.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn value<T: Plain>(&mut self) -> Result<T> {
        self.one().copied()
    }

    /// One plain value, where it lies.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn one<T: Plain>(&mut self) -> Result<&'a T> {
        self.bits_one(IsPlain::of())
    }

    /// One plain value of a type that only its proof knows to be plain.
    #[inline]
    pub(super) fn bits_one<T>(&mut self, _: IsPlain<T>) -> Result<&'a T> {
        let at = align::<T>(self.at);
        // No overflow: neither a slice nor a type is larger than half of the address space.
        let end = at + size_of::<T>();
        if end > self.bytes.len() {
            return Err(damaged("it ends too early"));
        }
        self.at = end;
        // SAFETY: in bounds (just checked) and aligned (the file's head), and any bytes are a plain value.
        Ok(unsafe { &*self.bytes.as_ptr().add(at).cast() })
    }

    /// Plain values, where they lie.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn plain<T: Plain>(&mut self, count: usize) -> Result<&'a [T]> {
        self.bits(IsPlain::of(), count)
    }

    /// Plain values of a type that only its proof knows to be plain.
    #[inline]
    pub(super) fn bits<T>(&mut self, _: IsPlain<T>, count: usize) -> Result<&'a [T]> {
        let at = align::<T>(self.at);
        let end = count.checked_mul(size_of::<T>()).and_then(|size| at.checked_add(size));
        let Some(bytes) = end.and_then(|end| self.bytes.get(at..end)) else {
            return Err(damaged("it ends too early"));
        };
        self.at = at + bytes.len();
        // SAFETY: in bounds (just checked) and aligned (the file's head), and any bytes are a plain value.
        Ok(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), count) })
    }

    /// A run of plain values, where they lie, as [`Encoder::run`](super::Encoder::run) wrote it.
    ///
    /// # Errors
    /// When the message ends too early.
    #[inline]
    pub fn run<T: Plain>(&mut self) -> Result<&'a [T]> {
        self.bits_run(IsPlain::of())
    }

    /// A run of plain values of a type that only its proof knows to be plain.
    #[inline]
    pub(super) fn bits_run<T>(&mut self, proof: IsPlain<T>) -> Result<&'a [T]> {
        let count = self.length()?;
        let items = self.bits(proof, count)?;
        if size_of::<T>() == 0 {
            self.skip(count)?;
        }
        Ok(items)
    }

    /// One item of a run of values that are not plain.
    #[inline]
    pub(super) fn item<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let start = self.at;
        let item = read(self)?;
        if self.at == start {
            self.value::<u8>()?;
        }
        Ok(item)
    }

    /// A run of values that are not plain, as `Encoder::items` wrote it.
    #[inline]
    pub(super) fn items<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.length()?;
        self.nested::<T, _>(|from| {
            let mut items: Vec<T> =
                Vec::with_capacity(count.min(PREALLOCATE_BYTES_MAX / size_of::<T>().max(1)));
            for len in 0..count {
                // Before the item is read, so that its parts need not wait for this.
                if len == items.capacity() {
                    items.reserve(1);
                }
                let item = from.item(|from| read(from))?;
                // SAFETY: `len` items are there, and there is room for one more (just seen to).
                unsafe {
                    items.as_mut_ptr().add(len).write(item);
                    items.set_len(len + 1);
                }
            }
            Ok(items)
        })
    }

    /// What lies deeper: one or several `T`.
    #[inline]
    pub(super) fn nested<T, R>(&mut self, read: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        let depth = self.depth + levels::<T>();
        if depth > NESTING_MAX {
            return Err(damaged("it is nested too deep"));
        }
        // A copy of its own stays in registers over a loop.
        let mut inner = Decoder { depth, ..*self };
        let value = read(&mut inner);
        self.at = inner.at;
        value
    }

    /// Hands the bytes that are left to `read`, which returns those that it did not need.
    #[cfg(feature = "serde")]
    pub(super) fn rest<T>(&mut self, read: impl FnOnce(&'a [u8]) -> Result<(T, &'a [u8])>) -> Result<T> {
        let (value, rest) = read(&self.bytes[self.at..])?;
        self.at = self.bytes.len() - rest.len();
        Ok(value)
    }

    #[inline]
    fn skip(&mut self, bytes: usize) -> Result<()> {
        self.plain::<u8>(bytes).map(drop)
    }
}
