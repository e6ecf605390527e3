//! Pools in shared memory, and who holds what of them.
//!
//! Every chunk has a holder word: a stamp, which counts the times the chunk was taken, and one bit for each path on
//! which a chunk can leave the graph from where it was taken. A handle carries the bits that its holder answers for; a
//! replicated fork divides them among its branches. Whoever drops a handle clears its bits, after the commit that says
//! so; a chunk without bits is free. Clearing is stamped, so that it may be repeated: there is no reference count to get
//! wrong, and there are no lists of free chunks.

use crate::lane::Futex;
use crate::message::Plain;
use crate::ring::bell::{self, Bell, Patience, Reason};
use crate::sync::{AtomicU32, AtomicU64, Ordering};
use crate::{Failure, Result};
use std::any::Any;
use std::cell::Cell;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

/// How many paths may lead a chunk out of the graph.
pub(crate) const PATHS_MAX: u32 = 16;
const BITS: u64 = (1 << PATHS_MAX) - 1;

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
    /// All paths on which a chunk of it can leave the graph.
    pub(crate) paths: u16,
}

// SAFETY: plain addresses of shared memory; who may touch which chunk is what the holder words say.
unsafe impl Send for PoolPlace {}
// SAFETY: as above.
unsafe impl Sync for PoolPlace {}

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

    /// Takes over a handle that came with a message, on a branch that answers for `bits`.
    pub(crate) fn adopt(self: &Arc<Self>, handle: Handle, bits: u16) -> Result<SharedChunk> {
        let handle = Handle { bits: handle.bits & bits, ..handle };
        let pool = self.pools.get(usize::from(handle.pool));
        let holder = pool.and_then(|pool| pool.holders.get(usize::from(handle.index)));
        let held = holder.map_or(0, |holder| holder.load(Ordering::Acquire));
        if handle.bits == 0 || held >> PATHS_MAX != handle.stamp || held & u64::from(handle.bits) == 0 {
            return Err(Failure::damaged("a chunk that is not ours"));
        }
        Ok(SharedChunk { pools: self.clone(), handle, sent: Cell::new(false) })
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

    /// Clears the bits of a handle. May be repeated: an old stamp changes nothing.
    fn release(&self, handle: Handle) {
        let (pool, holder) = self.place(handle);
        let mut held = holder.load(Ordering::Acquire);
        while held >> PATHS_MAX == handle.stamp && held & u64::from(handle.bits) != 0 {
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
pub(crate) struct SharedPool {
    pools: Arc<Pools>,
    number: u16,
    /// Where the search for a free chunk starts.
    next: Arc<AtomicUsize>,
    /// Taken, and neither sent nor dropped yet.
    held: Arc<AtomicUsize>,
    patience: Patience,
}

impl SharedPool {
    pub(crate) fn new(pools: Arc<Pools>, number: u16, patience: Patience) -> SharedPool {
        SharedPool { pools, number, next: Arc::default(), held: Arc::default(), patience }
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

    /// Is there a free chunk?
    pub(crate) fn has_free(&self) -> bool {
        self.place().holders.iter().any(|holder| holder.load(Ordering::Acquire) & BITS == 0)
    }

    fn find(&self) -> Option<Handle> {
        let place = self.place();
        let (chunks, first) = (place.holders.len(), self.next.load(Ordering::Relaxed));
        (0..chunks).map(|step| (first + step) % chunks).find_map(|index| {
            let held = place.holders[index].load(Ordering::Acquire);
            if held & BITS != 0 {
                return None;
            }
            // only this lane takes from this pool, so nobody else changes a word without bits
            let stamp = ((held >> PATHS_MAX) + 1) & (u64::MAX >> PATHS_MAX);
            place.holders[index].store(stamp << PATHS_MAX | u64::from(place.paths), Ordering::Release);
            self.next.store(index + 1, Ordering::Relaxed);
            Some(Handle { pool: self.number, index: index as u16, bits: place.paths, stamp })
        })
    }

    pub(crate) fn take(&self) -> Result<SharedChunk> {
        // what this lane has dropped itself is free at once: nobody else has seen it
        self.pools.release_dropped();
        let pools = &self.pools;
        let found = self.place().owner.wait(Reason::Chunk, self.patience, None, &Futex, || {
            if pools.stop.load(Ordering::Relaxed) != 0 {
                return Some(Err(Failure::stopped()));
            }
            self.find().map(Ok)
        });
        let handle = found.unwrap_or_else(|| Err(Failure::stopped()))?;
        Ok(SharedChunk { pools: pools.clone(), handle, sent: Cell::new(false) })
    }
}
