//! What constructors see of a pool.

use super::chunk::Chunk;
use super::heap::HeapPool;
#[cfg(target_os = "linux")]
use super::shared::SharedPool;
use crate::message::Plain;
use crate::{Failure, Result};
use std::marker::PhantomData;

/// A pool of fixed-size buffers, declared with `pool name(chunks) of [T; elements]`.
///
/// A constructor that mentions the pool by its name gets a set of chunks of its own; it clones the handle and keeps it.
/// [`take`](Pool::take) waits until a chunk is free: so the pool bounds how many are under way.
///
/// ```
/// use conveyor::{Chunk, Failure, Pool, Result, Source};
///
/// struct Ramps {
///     pool: Pool<u8>,
///     next: u8,
/// }
/// impl Source for Ramps {
///     type Out = Chunk<u8>;
///     fn next(&mut self) -> Result<Option<Chunk<u8>>> {
///         if self.next == 3 {
///             return Ok(None);
///         }
///         let mut chunk = self.pool.take()?;
///         chunk.fill(self.next);
///         self.next += 1;
///         Ok(Some(chunk))
///     }
/// }
///
/// let sums = conveyor::pipeline! {
///     <() -> u64>;
///     pool ramps(2) of [u8; 1000];
///     source(Ramps { pool: ramps.clone(), next: 0 })
///         -> pipe -> processor(|chunk: &[u8]| chunk.iter().map(|x| u64::from(*x)).sum::<u64>());
/// };
/// let sums: Vec<u64> = sums.run(()).collect::<std::result::Result<_, _>>()?;
/// assert_eq!(sums, [0, 1000, 2000]);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub struct Pool<T> {
    kind: AnyPool,
    /// It stays on its lane's thread, which is the one that is woken when a chunk comes back.
    of: PhantomData<*const T>,
}

/// A pool whose elements have no type.
#[derive(Clone)]
pub enum AnyPool {
    /// On the heap.
    Heap(HeapPool),
    /// In shared memory.
    #[cfg(target_os = "linux")]
    Shared(SharedPool),
}

impl<T> Clone for Pool<T> {
    fn clone(&self) -> Self {
        Pool { kind: self.kind.clone(), of: PhantomData }
    }
}

impl<T: Plain> Pool<T> {
    pub(crate) fn of(pool: AnyPool) -> Pool<T> {
        Pool { kind: pool, of: PhantomData }
    }

    /// A free chunk; waits until there is one. What is in it is what was last written there.
    ///
    /// Chunks that others keep, a processor in its state or the caller in a collection, do not come back: with all of
    /// them kept, this waits for ever. In the serial context, where nobody could give one back meanwhile, the pool
    /// grows instead.
    ///
    /// # Errors
    /// When the run is being stopped, or one step takes more chunks than the pool has.
    pub fn take(&self) -> Result<Chunk<T>> {
        match &self.kind {
            AnyPool::Heap(pool) => pool.take().map(Chunk::heap),
            #[cfg(target_os = "linux")]
            AnyPool::Shared(pool) => pool.take().map(Chunk::shared),
        }
    }

    /// How many chunks there are.
    pub fn chunks(&self) -> usize {
        match &self.kind {
            AnyPool::Heap(pool) => pool.chunks(),
            #[cfg(target_os = "linux")]
            AnyPool::Shared(pool) => pool.chunks(),
        }
    }

    /// How many elements a chunk has.
    pub fn elements(&self) -> usize {
        match &self.kind {
            AnyPool::Heap(pool) => pool.bytes() / size_of::<T>().max(1),
            #[cfg(target_os = "linux")]
            AnyPool::Shared(pool) => pool.bytes() / size_of::<T>().max(1),
        }
    }
}

/// One step has all chunks of its pool and takes one more: nothing could ever come back. So many of them are in outputs that
/// nobody sees before it is over.
#[cold]
pub(super) fn exhausted(chunks: usize, stuck: usize) -> Failure {
    let holds = format_args!("a step holds all {chunks} chunks of its pool and takes one more");
    match stuck {
        0 => Failure::new(format_args!("{holds}: pass some on first, or declare a larger pool")),
        _ => Failure::new(format_args!(
            "{holds}; {stuck} of them are in what it has given, which is published when it is over: write `[deterministic]`, if it \
             always gives the same for the same message, or declare a larger pool"
        )),
    }
}
