//! Writes a message into bytes.
//!
//! Everything is written in native byte order, each plain value at a multiple of its alignment counted from the start
//! of the message, which itself starts at a multiple of [`ALIGN`]; so plain values can be viewed in place. Every item
//! of a run takes at least one byte, so that a damaged length is bounded by the bytes that are there.

use super::{IsPlain, Message, Plain};
use crate::memory::Pools;
use crate::{Failure, Result};
use std::ptr::NonNull;
use std::sync::Arc;

/// Where a message may start, in bytes; no plain type may need more.
pub const ALIGN: usize = 16;

/// How deep a message may be nested, in levels: what is in a `Box` or a collection lies one level deeper, and one more
/// for each KiB of memory that an item takes.
///
/// Both sides refuse more, because a reader that follows damaged bytes down without end would overflow its stack: this
/// many levels fit into the 2 MiB that a thread has by default.
pub const NESTING_MAX: u32 = 128;

/// The next place where a `T` may stand.
///
/// The first mask makes the compiler see that nothing is added behind a neighbour of the same alignment, and the second,
/// that the place is aligned: so the fields of a struct get constant distances.
#[inline(always)]
pub(super) const fn align<T>(at: usize) -> usize {
    let mask = align_of::<T>() - 1;
    (at + (at.wrapping_neg() & mask)) & !mask
}

/// What a plain value takes at most, with the way to the next place where it may stand.
#[doc(hidden)]
pub const fn value_bytes<T>() -> usize {
    size_of::<T>() + align_of::<T>() - 1
}

/// How many levels an item counts for.
pub(super) const fn levels<T>() -> u32 {
    const {
        let kibibytes = size_of::<T>() / 1024;
        if kibibytes < NESTING_MAX as usize { 1 + kibibytes as u32 } else { NESTING_MAX }
    }
}

/// Keeps what is seldom done out of the way of what is often done.
#[cold]
#[inline(never)]
fn seldom<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Writes a message into room of a fixed size. Past its end it only counts on, so that the caller learns how much
/// room the message needs.
///
/// It is met where [`Message`](crate::Message) is implemented by hand, for a type that cannot derive it:
///
/// ```
/// use conveyor::message::{Decoder, Encoder, Seq};
/// use conveyor::{Failure, Message, Result};
///
/// /// An even number.
/// #[derive(Clone, Copy)]
/// struct Even(u64);
///
/// impl Message for Even {
///     type View<'a> = Even;
///     type Run<'a> = Seq<'a, Even>;
///     fn as_view(&self) -> Even {
///         *self
///     }
///     fn as_run(items: &[Even]) -> Seq<'_, Even> {
///         Seq::values(items)
///     }
///     fn encode(&self, to: &mut Encoder) {
///         to.value(self.0);
///     }
///     fn decode(from: &mut Decoder<'_>) -> Result<Even> {
///         let number = from.value()?;
///         if number % 2 == 0 { Ok(Even(number)) } else { Err(Failure::new("damaged message: an odd number")) }
///     }
///     fn view(from: &mut Decoder<'_>) -> Result<Even> {
///         Even::decode(from)
///     }
///     fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Even>> {
///         Seq::encoded(from)
///     }
/// }
/// ```
pub struct Encoder {
    room: NonNull<u8>,
    capacity: usize,
    /// May exceed `capacity`; nothing is written there.
    len: usize,
    depth: u32,
    failure: Option<Failure>,
    /// The address of the pools of the run that the message is for: their chunks travel by handle.
    pools: *const Pools,
    /// What was written is not sent after all: its chunks are their holder's again.
    recalls: bool,
}

impl Encoder {
    /// Writes a message into `room`, for a run with these pools. Returns the message's length in bytes, which may exceed the
    /// room: then it has not been written.
    ///
    /// # Errors
    /// When the message cannot be encoded: see [`Encoder::fail`].
    ///
    /// # Safety
    /// As for [`new`](Self::new).
    #[inline]
    pub(crate) unsafe fn write<T: Message>(
        message: &T,
        room: *mut u8,
        capacity: usize,
        pools: Option<&Arc<Pools>>,
    ) -> Result<usize> {
        let within = |capacity| {
            // SAFETY: the caller's; the capacity is not larger than that of the room.
            let mut encoder = unsafe { Encoder::new(room, capacity) }.with_pools(pools);
            message.encode(&mut encoder);
            encoder.finish()
        };
        if T::BYTES_MAX <= capacity {
            // a size that the compiler knows: so it sees that each part has room
            let len = within(T::BYTES_MAX)?;
            if len <= T::BYTES_MAX {
                return Ok(len);
            }
        }
        // of unknown size this is the usual way
        if T::BYTES_MAX == usize::MAX { within(capacity) } else { seldom(|| within(capacity)) }
    }

    /// Writes into `room`.
    ///
    /// # Safety
    /// `room` is aligned to [`ALIGN`], and `capacity` bytes from it are writable and nobody else's while the encoder
    /// lives.
    #[inline]
    pub(crate) unsafe fn new(room: *mut u8, capacity: usize) -> Encoder {
        match NonNull::new(room) {
            Some(room) => Encoder::over(room, capacity),
            None => Encoder::over(NonNull::dangling(), 0),
        }
    }

    #[inline]
    fn over(room: NonNull<u8>, capacity: usize) -> Encoder {
        let pools = std::ptr::null();
        Encoder { room, capacity, len: 0, depth: 0, failure: None, pools, recalls: false }
    }

    /// Writes nothing: gives the chunks of a message that was written, but found no room, back to it.
    pub(crate) fn recalling(pools: Option<&Arc<Pools>>) -> Encoder {
        let encoder = Encoder::over(NonNull::dangling(), 0).with_pools(pools);
        Encoder { recalls: true, ..encoder }
    }

    /// See [`Encoder::recalling`].
    pub(crate) fn recalls(&self) -> bool {
        self.recalls
    }

    /// For a run with pools.
    #[inline]
    pub(crate) fn with_pools(mut self, pools: Option<&Arc<Pools>>) -> Encoder {
        self.pools = pools.map_or(std::ptr::null(), Arc::as_ptr);
        self
    }

    /// Is the message for the run with these pools?
    pub(crate) fn is_for(&self, pools: &Arc<Pools>) -> bool {
        std::ptr::eq(self.pools, Arc::as_ptr(pools))
    }

    /// The message's length in bytes, which may exceed the room.
    ///
    /// # Errors
    /// When the message cannot be encoded: see [`Encoder::fail`].
    #[inline]
    pub(crate) fn finish(self) -> Result<usize> {
        self.failure.map_or(Ok(self.len), Err)
    }

    /// Refuses the message: it will not be sent, and the processor that gave it fails. The first failure counts.
    #[cold]
    pub fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// The number of items that follow.
    #[inline]
    pub fn length(&mut self, length: usize) {
        self.value(length as u64);
    }

    /// Which of `count` variants of an enum follows.
    #[inline]
    pub fn variant(&mut self, index: u32, count: u32) {
        match count {
            0..=0x100 => self.value(index as u8),
            0x101..=0x1_0000 => self.value(index as u16),
            _ => self.value(index),
        }
    }

    /// One plain value, as it lies in memory.
    #[inline]
    pub fn value<T: Plain>(&mut self, value: T) {
        self.plain(std::slice::from_ref(&value));
    }

    /// Plain values, as they lie in memory.
    #[inline]
    pub fn plain<T: Plain>(&mut self, items: &[T]) {
        self.bits(IsPlain::of(), items);
    }

    /// Plain values of a type that only its proof knows to be plain.
    #[inline]
    pub(super) fn bits<T>(&mut self, _: IsPlain<T>, items: &[T]) {
        let at = align::<T>(self.len);
        self.len = at + size_of_val(items);
        if self.len <= self.capacity {
            // SAFETY: there is room (just checked); the items have no padding, so all their bytes are initialised.
            unsafe {
                self.room.add(at).copy_from_nonoverlapping(NonNull::from(items).cast(), size_of_val(items))
            };
        }
    }

    /// A run of plain values: the number of them, then the values.
    #[inline]
    pub fn run<T: Plain>(&mut self, items: &[T]) {
        self.bits_run(IsPlain::of(), items);
    }

    /// A run of plain values of a type that only its proof knows to be plain.
    #[inline]
    pub(super) fn bits_run<T>(&mut self, proof: IsPlain<T>, items: &[T]) {
        self.length(items.len());
        self.bits(proof, items);
        if size_of::<T>() == 0 {
            self.skip(items.len());
        }
    }

    /// A run of values that are not plain: the number of them, then each as `write` encodes it.
    #[inline]
    pub(super) fn items<T, I: ExactSizeIterator>(
        &mut self,
        items: I,
        mut write: impl FnMut(&mut Encoder, I::Item),
    ) {
        self.length(items.len());
        self.nested::<T>(|to| {
            for item in items {
                let start = to.len;
                write(to, item);
                if to.len == start {
                    to.skip(1);
                }
            }
        });
    }

    /// What lies deeper: one or several `T`.
    #[inline]
    pub(super) fn nested<T>(&mut self, write: impl FnOnce(&mut Encoder)) {
        let depth = self.depth + levels::<T>();
        if depth > NESTING_MAX {
            return self.fail(Failure::new(format_args!(
                "the message is nested deeper than {NESTING_MAX} levels: keep its parts in a `Vec` and let them refer \
                 to each other by index"
            )));
        }
        // One of its own stays in registers over a loop.
        let mut inner = Encoder {
            room: self.room,
            capacity: self.capacity,
            len: self.len,
            depth,
            failure: None,
            pools: self.pools,
            recalls: self.recalls,
        };
        write(&mut inner);
        self.len = inner.len;
        if let Some(failure) = inner.failure {
            self.fail(failure);
        }
    }

    #[inline]
    fn skip(&mut self, bytes: usize) {
        self.len += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::{ALIGN, Encoder};
    use crate::Message;
    use crate::message::Encoded;

    #[repr(C, align(16))]
    struct Room([u8; 128]);

    #[test]
    fn past_the_end_it_only_counts() {
        let message = (1_u8, "twelve bytes".to_owned(), vec![3_u64, 4], [true; 3], vec![(), ()]);
        let needed = Encoded::of(&message).expect("it can be encoded").bytes().len();
        assert!(needed < 128 && needed > 4 * ALIGN);
        for capacity in 0..=needed {
            let mut room = Room([0xaa; 128]);
            // SAFETY: the room is aligned, and has as many bytes.
            let mut encoder = unsafe { Encoder::new(room.0.as_mut_ptr(), capacity) };
            message.encode(&mut encoder);
            assert_eq!(encoder.finish().expect("it can be encoded"), needed);
            assert!(room.0[capacity..].iter().all(|byte| *byte == 0xaa));
            assert!(capacity == 0 || room.0[0] == 1);
        }
    }
}
