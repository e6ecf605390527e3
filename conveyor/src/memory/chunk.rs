//! What travels: a buffer of a pool, by handle.

use super::heap::HeapChunk;
use crate::message::{Decoder, Encoder, Message, Plain, Seq};
use crate::{Failure, Result};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A buffer of a [`Pool`](crate::Pool): `[T]`, moved through the graph by handle.
///
/// It is filled in place, looked at in place wherever it arrives, and returns to its pool when it is dropped. Behind a
/// replicated fork all branches look at the same buffer; whoever writes into a buffer that others look at, too, writes
/// into a copy of its own.
///
/// A chunk is meant to be passed on or dropped by the step that has received it; one that is kept stays taken.
pub struct Chunk<T: Plain> {
    kind: Kind,
    of: PhantomData<T>,
}

enum Kind {
    Heap(HeapChunk),
}

impl<T: Plain> Chunk<T> {
    pub(crate) fn heap(chunk: HeapChunk) -> Chunk<T> {
        Chunk { kind: Kind::Heap(chunk), of: PhantomData }
    }

    fn bytes(&self) -> &[u8] {
        match &self.kind {
            Kind::Heap(chunk) => chunk.bytes(),
        }
    }

    fn own_bytes_mut(&mut self) -> Option<&mut [u8]> {
        match &mut self.kind {
            Kind::Heap(chunk) => chunk.bytes_mut(),
        }
    }
}

impl<T: Plain> Deref for Chunk<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        let bytes = self.bytes();
        // SAFETY: buffers are aligned to `ALIGN`, which is enough for every plain type, and any bytes are values.
        unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>().max(1)) }
    }
}

impl<T: Plain> DerefMut for Chunk<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        if self.own_bytes_mut().is_none() {
            self.kind = Kind::Heap(HeapChunk::copy_of(self.bytes()));
        }
        let bytes = self.own_bytes_mut().expect("a fresh copy is nobody else's");
        // SAFETY: as above, and borrowed mutably.
        unsafe {
            std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len() / size_of::<T>().max(1))
        }
    }
}

/// The clone of a pooled chunk in the serial and threads contexts shares its buffer; in a worker process it is a copy.
/// A replicated fork never copies.
impl<T: Plain> Clone for Chunk<T> {
    fn clone(&self) -> Self {
        match &self.kind {
            Kind::Heap(chunk) => Chunk::heap(chunk.clone()),
        }
    }
}

impl<T: Plain + fmt::Debug> fmt::Debug for Chunk<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Plain + PartialEq> PartialEq for Chunk<T> {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

const BY_VALUE: u8 = 1;

/// In shared memory a chunk is its handle; a chunk of no pool travels by value.
impl<T: Plain> Message for Chunk<T> {
    type View<'a> = &'a [T];
    type Run<'a> = Seq<'a, Chunk<T>>;
    const HOLDS_CHUNKS: bool = true;

    fn as_view(&self) -> &[T] {
        self
    }
    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        match &self.kind {
            Kind::Heap(_) => {
                to.plain(&[BY_VALUE]);
                to.length(self.len());
                to.plain::<T>(self);
            }
        }
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        match from.plain::<u8>(1)?[0] {
            BY_VALUE => Ok(Chunk::heap(HeapChunk::copy_of(bytes_of(items::<T>(from)?)))),
            _ => Err(Failure::damaged("no chunk")),
        }
    }
    fn view<'a>(from: &mut Decoder<'a>) -> Result<&'a [T]> {
        match from.plain::<u8>(1)?[0] {
            BY_VALUE => items(from),
            _ => Err(Failure::damaged("no chunk")),
        }
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

fn items<'a, T: Plain>(from: &mut Decoder<'a>) -> Result<&'a [T]> {
    let count = from.length()?;
    from.plain(count)
}

fn bytes_of<T: Plain>(items: &[T]) -> &[u8] {
    // SAFETY: plain values have no padding, so all their bytes are initialised.
    unsafe { std::slice::from_raw_parts(items.as_ptr().cast(), size_of_val(items)) }
}
