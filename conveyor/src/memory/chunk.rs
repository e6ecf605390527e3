//! What travels: a buffer of a pool, by handle.

#[cfg(target_os = "linux")]
use super::Tray;
use super::heap::HeapChunk;
#[cfg(target_os = "linux")]
use super::shared::{Adopted, Handle, SharedChunk};
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
///
/// ```
/// use conveyor::{Chunk, pipeline};
///
/// let sums = pipeline! {
///     <u32 -> u32>;
///     pool buffers(2) of [u32; 100];
///     try_map filled = {
///         let buffers = buffers.clone();
///         move |x: u32| -> conveyor::Result<Chunk<u32>> {
///             let mut chunk = buffers.take()?;
///             chunk.fill(x);
///             Ok(chunk)
///         }
///     };
///     processor doubled = |mut chunk: Chunk<u32>| {
///         chunk.iter_mut().for_each(|x| *x *= 2); // in place
///         chunk
///     };
///     filled -> pipe -> doubled -> pipe -> processor(|chunk: &[u32]| chunk.iter().sum::<u32>());
/// };
/// assert_eq!(sums.run([1, 2]).collect::<Result<Vec<_>, _>>()?, [200, 400]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// In a worker process, what a *received* chunk was is kept before it is written into for the first time: if the worker dies,
/// its replacement finds it as it was. That costs a copy; for a processor that is `[deterministic]` it is not made, for that
/// says that the same comes of changing the chunk once more, or the other half of it. A chunk of the step's own pool needs none.
pub struct Chunk<T: Plain> {
    kind: Kind,
    of: PhantomData<T>,
}

enum Kind {
    Heap(HeapChunk),
    #[cfg(target_os = "linux")]
    Shared(SharedChunk),
}

impl<T: Plain> Chunk<T> {
    pub(crate) fn heap(chunk: HeapChunk) -> Chunk<T> {
        Chunk { kind: Kind::Heap(chunk), of: PhantomData }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn shared(chunk: SharedChunk) -> Chunk<T> {
        Chunk { kind: Kind::Shared(chunk), of: PhantomData }
    }

    fn bytes(&self) -> &[u8] {
        match &self.kind {
            #[cfg(target_os = "linux")]
            Kind::Shared(chunk) => chunk.bytes(),
            Kind::Heap(chunk) => chunk.bytes(),
        }
    }

    fn own_bytes_mut(&mut self) -> Option<&mut [u8]> {
        match &mut self.kind {
            #[cfg(target_os = "linux")]
            Kind::Shared(chunk) => chunk.bytes_mut(),
            Kind::Heap(chunk) => chunk.bytes_mut(),
        }
    }
}

impl<T: Plain> Deref for Chunk<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        items_of(self.bytes())
    }
}

impl<T: Plain> DerefMut for Chunk<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        if self.own_bytes_mut().is_none() {
            self.kind = Kind::Heap(HeapChunk::copy_of(self.bytes()));
        }
        let bytes = self.own_bytes_mut().expect("a fresh copy is nobody else's");
        // SAFETY: as in `items_of`, and borrowed mutably.
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
            #[cfg(target_os = "linux")]
            Kind::Shared(chunk) => Chunk::heap(HeapChunk::copy_of(chunk.bytes())),
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

#[cfg(target_os = "linux")]
const IN_POOL: u8 = 0;
const BY_VALUE: u8 = 1;

/// In shared memory a chunk is its handle; a chunk of no pool travels by value.
#[diagnostic::do_not_recommend]
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
        #[cfg(target_os = "linux")]
        if let Kind::Shared(chunk) = &self.kind
            && let Some(handle) = chunk.send(to)
        {
            to.value(IN_POOL);
            to.plain(&handle.pack());
            return;
        }
        to.value(BY_VALUE);
        to.run::<T>(self);
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        match from.value::<u8>()? {
            #[cfg(target_os = "linux")]
            IN_POOL => {
                let handle = Handle::unpack([from.value()?, from.value()?]);
                Ok(match tray(from)?.adopt(handle)? {
                    Adopted::Itself(chunk) => Chunk::shared(chunk),
                    Adopted::Copy(copy) => Chunk::heap(copy),
                })
            }
            BY_VALUE => Ok(Chunk::heap(HeapChunk::copy_of(bytes_of(from.run::<T>()?)))),
            _ => Err(Failure::damaged("no chunk")),
        }
    }
    fn view<'a>(from: &mut Decoder<'a>) -> Result<&'a [T]> {
        match from.value::<u8>()? {
            #[cfg(target_os = "linux")]
            IN_POOL => {
                let handle = Handle::unpack([from.value()?, from.value()?]);
                Ok(items_of(tray(from)?.look(handle)?))
            }
            BY_VALUE => from.run(),
            _ => Err(Failure::damaged("no chunk")),
        }
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

/// Chunks travel by handle only where somebody can take them over.
#[cfg(target_os = "linux")]
fn tray<'a>(from: &Decoder<'a>) -> Result<&'a Tray> {
    from.tray().ok_or_else(|| Failure::damaged("a chunk where there is no pool"))
}

/// The elements of a buffer.
fn items_of<T: Plain>(bytes: &[u8]) -> &[T] {
    // SAFETY: buffers are aligned to `ALIGN`, which is enough for every plain type, and any bytes are values.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>().max(1)) }
}

fn bytes_of<T: Plain>(items: &[T]) -> &[u8] {
    // SAFETY: plain values have no padding, so all their bytes are initialised.
    unsafe { std::slice::from_raw_parts(items.as_ptr().cast(), size_of_val(items)) }
}
