//! Pools in shared memory, and who holds what of them.
//!
//! Every chunk has a holder word: a stamp, which counts the times the chunk was taken, and one bit for each way on
//! which a chunk can leave the graph from where it was taken. A handle carries the bits that its holder answers for; a
//! replicated fork divides them among its branches. Whoever drops a handle clears its bits, after the commit that says
//! so; a chunk without bits is free. Clearing is stamped, so that it may be repeated: there is no reference count to get
//! wrong, and there are no lists of free chunks.

use super::Futex;
use crate::message::Encoder;
use crate::meter::Desk;
use crate::ring::bell::{self, Bell, Patience, Reason};
use crate::sync::{AtomicU32, AtomicU64, Ordering};
use crate::{Failure, Result};
use std::any::Any;
use std::cell::Cell;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Of a holder word: one for each way; the stamp has the others.
const BITS_MAX: u32 = 16;
const BITS: u64 = (1 << BITS_MAX) - 1;

/// One pool of one lane, as mapped into this process.
#[derive(Clone, Copy)]
pub(crate) struct PoolPlace {
    pub(crate) first: *mut u8,
    /// From chunk to chunk.
    pub(crate) stride: usize,
    /// Of a chunk.
    pub(crate) bytes: usize,
    pub(crate) holders: &'static [AtomicU64],
    /// The lane that takes from it.
    pub(crate) owner: Bell<'static>,
    /// All ways on which a chunk of it can leave the graph.
    pub(crate) ways: u16,
}

// SAFETY: plain addresses of shared memory; who may touch which chunk is what the holder words say.
unsafe impl Send for PoolPlace {}
// SAFETY: as above.
unsafe impl Sync for PoolPlace {}

#[cfg(feature = "proof")]
impl PoolPlace {
    /// How many of its chunks somebody holds.
    pub(crate) fn held(&self) -> usize {
        self.holders.iter().filter(|holder| holder.load(Ordering::Relaxed) & BITS != 0).count()
    }
}

/// All pools of a run, as one process sees them.
pub(crate) struct Pools {
    pools: Vec<PoolPlace>,
    /// Bits to clear after the next commit; `None` in the caller, where a chunk is released when it is dropped.
    deferred: Option<Mutex<Vec<Handle>>>,
    stop: &'static AtomicU32,
    /// Keeps the chunks mapped.
    _memory: Arc<dyn Any + Send + Sync>,
}

/// A handle: what travels instead of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) pool: u16,
    pub(crate) index: u16,
    pub(crate) bits: u16,
    /// Modulo 2^48.
    pub(crate) stamp: u64,
}

impl Handle {
    pub(crate) fn pack(self) -> [u64; 2] {
        [u64::from(self.pool) | u64::from(self.index) << 16 | u64::from(self.bits) << 32, self.stamp]
    }
    pub(crate) fn unpack([place, stamp]: [u64; 2]) -> Handle {
        Handle { pool: place as u16, index: (place >> 16) as u16, bits: (place >> 32) as u16, stamp }
    }
}

impl Pools {
    pub(crate) fn new(
        pools: Vec<PoolPlace>,
        defer: bool,
        stop: &'static AtomicU32,
        memory: Arc<dyn Any + Send + Sync>,
    ) -> Pools {
        Pools { pools, deferred: defer.then(Mutex::default), stop, _memory: memory }
    }

    /// The chunk of a handle that came with a message, to a reader that answers for `ways`.
    fn find(&self, handle: Handle, ways: u16) -> Result<(Handle, &PoolPlace)> {
        let handle = Handle { bits: handle.bits & ways, ..handle };
        let pool = self.pools.get(usize::from(handle.pool));
        let holder = pool.and_then(|pool| pool.holders.get(usize::from(handle.index)));
        let held = holder.map_or(0, |holder| holder.load(Ordering::Acquire));
        match pool {
            Some(pool) if held >> BITS_MAX == handle.stamp && held & u64::from(handle.bits) != 0 => {
                Ok((handle, pool))
            }
            _ => Err(Failure::damaged("a chunk that is not its own")),
        }
    }

    fn place(&self, handle: Handle) -> (&PoolPlace, &'static AtomicU64) {
        let pool = &self.pools[usize::from(handle.pool)];
        (pool, &pool.holders[usize::from(handle.index)])
    }

    fn drop_handle(&self, handle: Handle) {
        match &self.deferred {
            Some(deferred) => deferred.lock().unwrap_or_else(PoisonError::into_inner).push(handle),
            None => self.release(handle),
        }
    }

    /// After a commit: clears the bits of everything that was dropped before it.
    pub(crate) fn release_dropped(&self) {
        if let Some(deferred) = &self.deferred {
            let dropped = std::mem::take(&mut *deferred.lock().unwrap_or_else(PoisonError::into_inner));
            dropped.into_iter().for_each(|handle| self.release(handle));
        }
    }

    /// Hands out a chunk's memory.
    fn bytes(&self, handle: Handle) -> *mut [u8] {
        let (pool, _) = self.place(handle);
        let first = pool.first.wrapping_add(usize::from(handle.index) * pool.stride);
        std::ptr::slice_from_raw_parts_mut(first, pool.bytes)
    }

    /// Clears the bits of a handle. May be repeated: an old stamp changes nothing.
    fn release(&self, handle: Handle) {
        let (pool, holder) = self.place(handle);
        let mut held = holder.load(Ordering::Acquire);
        while held >> BITS_MAX == handle.stamp && held & u64::from(handle.bits) != 0 {
            let left = held & !u64::from(handle.bits);
            match holder.compare_exchange_weak(held, left, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) if left & BITS != 0 => return,
                Ok(_) => {
                    bell::committed();
                    if pool.owner.sleeps_for(&[Reason::Chunk]) {
                        pool.owner.ring(&Futex);
                    }
                    return;
                }
                Err(newer) => held = newer,
            }
        }
    }
}

/// A pool as its lane sees it.
#[derive(Clone)]
pub struct SharedPool {
    pools: Arc<Pools>,
    number: u16,
    /// Where the search for a free chunk starts.
    next: Arc<AtomicUsize>,
    /// Taken, and neither passed on nor dropped yet.
    held: Arc<AtomicUsize>,
    /// Where waiting is counted.
    desk: Desk<'static>,
    patience: Patience,
}

impl SharedPool {
    pub(crate) fn new(pools: Arc<Pools>, number: u16, patience: Patience, desk: Desk<'static>) -> SharedPool {
        SharedPool { pools, number, next: Arc::default(), held: Arc::default(), desk, patience }
    }

    fn place(&self) -> &PoolPlace {
        &self.pools.pools[usize::from(self.number)]
    }

    pub(crate) fn chunks(&self) -> usize {
        self.place().holders.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.place().bytes
    }

    /// The first chunk comes first, and then the ones that have been out longest: so no more chunks are in use than
    /// are under way, and these stay in the caches.
    fn take_free(&self) -> Option<Handle> {
        let place = self.place();
        let (chunks, first) = (place.holders.len(), self.next.load(Ordering::Relaxed));
        let by_age = (0..chunks).map(|step| (first + step) % chunks);
        std::iter::once(0).chain(by_age).find_map(|index| {
            let held = place.holders[index].load(Ordering::Acquire);
            if held & BITS != 0 {
                return None;
            }
            let stamp = ((held >> BITS_MAX) + 1) & (u64::MAX >> BITS_MAX);
            let taken = stamp << BITS_MAX | u64::from(place.ways);
            // user code may take from several threads
            let swap =
                place.holders[index].compare_exchange(held, taken, Ordering::AcqRel, Ordering::Relaxed);
            swap.ok()?;
            self.next.store(index + 1, Ordering::Relaxed);
            Some(Handle { pool: self.number, index: index as u16, bits: place.ways, stamp })
        })
    }

    pub(crate) fn take(&self) -> Result<SharedChunk> {
        // what this lane has dropped itself is free at once: nobody else has seen it
        self.pools.release_dropped();
        let handle = match self.look_for_free() {
            Some(found) => found,
            None => self.wait_for_free(),
        }?;
        self.held.fetch_add(1, Ordering::Relaxed);
        Ok(SharedChunk {
            pools: self.pools.clone(),
            handle,
            sent: Cell::new(false),
            taken: Some(self.held.clone()),
        })
    }

    /// A free chunk, or why there will be none.
    fn look_for_free(&self) -> Option<Result<Handle>> {
        if self.pools.stop.load(Ordering::Relaxed) != 0 {
            return Some(Err(Failure::stopped()));
        }
        if self.held.load(Ordering::Relaxed) >= self.chunks() {
            return Some(Err(super::pool::exhausted(self.chunks())));
        }
        self.take_free().map(Ok)
    }

    #[cold]
    fn wait_for_free(&self) -> Result<Handle> {
        let started = Instant::now();
        let found =
            self.place().owner.wait(Reason::Chunk, self.patience, None, &Futex, || self.look_for_free());
        self.desk.waited_for_room(started.elapsed());
        found.unwrap_or_else(|| Err(Failure::stopped()))
    }
}

/// What a reader needs to take over the chunks that come with its messages.
pub(crate) struct Tray {
    pub(crate) pools: Arc<Pools>,
    /// The ways that this reader answers for, by pool.
    pub(crate) ways: Vec<u16>,
}

impl Tray {
    fn ways_of(&self, handle: Handle) -> u16 {
        self.ways.get(usize::from(handle.pool)).copied().unwrap_or(0)
    }

    /// Takes over a chunk.
    ///
    /// # Errors
    /// When the handle is damaged.
    pub(crate) fn adopt(&self, handle: Handle) -> Result<SharedChunk> {
        let (handle, _) = self.pools.find(handle, self.ways_of(handle))?;
        Ok(SharedChunk { pools: self.pools.clone(), handle, sent: Cell::new(false), taken: None })
    }

    /// Looks at a chunk that stays its holder's.
    ///
    /// # Errors
    /// When the handle is damaged.
    pub(crate) fn look(&self, handle: Handle) -> Result<&[u8]> {
        let (handle, _) = self.pools.find(handle, self.ways_of(handle))?;
        // SAFETY: the message that brought the handle holds the chunk, and is looked at as long as the view lives; the
        // memory stays mapped as long as the pools.
        Ok(unsafe { &*self.pools.bytes(handle) })
    }
}

/// A chunk in shared memory, held for some of the ways out of the graph.
pub(crate) struct SharedChunk {
    pools: Arc<Pools>,
    handle: Handle,
    /// Its handle has been written into a message, which holds it from now on.
    sent: Cell<bool>,
    /// The count of the pool it was taken from, in the step that has taken it.
    taken: Option<Arc<AtomicUsize>>,
}

impl SharedChunk {
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the chunk is held: nobody takes it anew before its bits are cleared, and nobody writes into a chunk
        // that others may look at (`bytes_mut`). The memory stays mapped as long as the pools.
        unsafe { &*self.pools.bytes(self.handle) }
    }

    /// Only if nobody else looks at it.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        let (_, holder) = self.pools.place(self.handle);
        let is_ours = holder.load(Ordering::Acquire) & BITS == u64::from(self.handle.bits);
        // SAFETY: as above; all bits that are left are ours, so there is no other holder, nor can there be one.
        is_ours.then(|| unsafe { &mut *self.pools.bytes(self.handle) })
    }

    /// The step that has taken it has it no more.
    fn let_go(&self) {
        if let Some(held) = &self.taken {
            held.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Its handle, if the message goes into the same run: from then on the message holds the chunk.
    pub(crate) fn send(&self, to: &Encoder) -> Option<Handle> {
        to.is_for(&self.pools).then(|| {
            if to.recalls() {
                if self.sent.replace(false)
                    && let Some(held) = &self.taken
                {
                    held.fetch_add(1, Ordering::Relaxed);
                }
            } else if !self.sent.replace(true) {
                self.let_go();
            }
            self.handle
        })
    }
}

impl Drop for SharedChunk {
    fn drop(&mut self) {
        if !self.sent.get() {
            self.let_go();
            self.pools.drop_handle(self.handle);
        }
    }
}
