//! Pools in shared memory, and who holds what of them.
//!
//! Every chunk has a holder word: a stamp, which counts the times the chunk was taken, and one bit for each way on
//! which a chunk can leave the graph from where it was taken. A handle carries the bits that its holder answers for; a
//! replicated fork divides them among its branches. Whoever drops a handle clears its bits, after the commit that says
//! so; a chunk without bits is free. Clearing is stamped, so that it may be repeated: there is no reference count to get
//! wrong, and there are no lists of free chunks.
//!
//! Stamps count what was taken from a pool. The newest one is part of the owner's commits, and so are the handles that
//! the commit's lane has dropped or has in its hands (see `holdings`). So whoever takes over from a dead lane clears
//! those, and every chunk of its own pools with a newer stamp: of that one nobody has heard. What was changed in place in
//! chunks that are needed again it puts back, and of those that have left with a part of a step it has copies (see
//! `originals`).

mod handle;
mod holdings;
#[cfg(all(test, loom))]
mod model_tests;
mod originals;
mod pool;
mod undo;

pub(crate) use handle::Handle;
pub(crate) use originals::Originals;
pub(crate) use pool::SharedPool;
pub(crate) use undo::{Undo, UndoSize, mark_of};

use super::Futex;
use super::heap::HeapChunk;
use crate::message::Encoder;
use crate::ring::bell::{self, Bell, Reason};
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU32, AtomicU64, Ordering};
use crate::{Failure, Result};
#[cfg(feature = "proof")]
pub(crate) use handle::STAMPS;
use handle::{BITS, BITS_MAX, is_newer};
use holdings::Holdings;
pub(crate) use holdings::Listed;
use std::any::Any;
use std::cell::Cell;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

    /// As if so many chunks of it had been taken, and all were free again.
    pub(crate) fn start_at(&self, origin: u64) {
        self.holders.iter().for_each(|holder| holder.store(origin << BITS_MAX, Ordering::Relaxed));
    }
}

/// All pools of a run, as one process sees them.
pub(crate) struct Pools {
    pools: Vec<PoolPlace>,
    /// Of this worker; `None` in the caller, where a chunk is released when it is dropped.
    holdings: Option<Mutex<Holdings>>,
    originals: Originals,
    stop: &'static AtomicU32,
    /// Keeps the chunks mapped.
    _memory: Arc<dyn Any + Send + Sync>,
}

impl Pools {
    pub(crate) fn new(
        pools: Vec<PoolPlace>,
        defer: bool,
        originals: Originals,
        stop: &'static AtomicU32,
        memory: Arc<dyn Any + Send + Sync>,
    ) -> Pools {
        let holdings = defer.then(|| Mutex::new(Holdings::new(pools.len())));
        Pools { pools, holdings, originals, stop, _memory: memory }
    }

    /// The chunk of a handle that came with a message, to a reader that answers for `ways`.
    fn find(&self, handle: Handle, ways: u16) -> Result<(Handle, &PoolPlace)> {
        let handle = handle.narrowed(ways);
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

    /// Every change of them is whole before anything can panic.
    fn lock(&self) -> Option<MutexGuard<'_, Holdings>> {
        Some(self.holdings.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The step at work is over, and its message is taken; the next one has this number. Returns whether there are copies
    /// of its chunks, for which there is room for one message.
    pub(crate) fn message_is_over(&self, next: u64) -> bool {
        self.lock().is_some_and(|mut holdings| holdings.message_is_over(next))
    }

    /// What goes with this worker, if it dies after the commit that is being written.
    pub(crate) fn holdings(&self) -> (Listed, Vec<u64>) {
        self.lock().map_or_else(Default::default, |holdings| holdings.inventory())
    }

    /// After a commit: clears the bits of everything that was dropped before it.
    pub(crate) fn release_dropped(&self) {
        self.mistake_after_commit();
        let dropped = self.lock().map(|mut holdings| holdings.committed());
        dropped.into_iter().flatten().for_each(|handle| self.release(handle));
    }

    /// Takes over from a dead worker that had committed so many messages. What it has changed since is put back, and so is
    /// what it had in its hands: the handles of its last commit, and every chunk of its own pools that it has taken since.
    /// `stamps`: the newest ones in its record, by pool.
    pub(crate) fn take_over(
        &self,
        messages: u64,
        Listed { held, mut gone }: Listed,
        stamps: impl Iterator<Item = (usize, u64)>,
    ) {
        self.put_back(messages);
        gone.truncate(self.copies_max()); // more than that a damaged record has said
        if let Some(mut holdings) = self.lock() {
            holdings.take_over(messages, gone);
        }
        let held = if Mutant::LedgerForgotten.is_on() { Vec::new() } else { held };
        for handle in held.iter().filter(|handle| self.is_one(**handle)) {
            self.release(*handle);
        }
        for (number, committed) in stamps {
            let mut newest = committed;
            for (index, holder) in self.pools[number].holders.iter().enumerate() {
                let held = holder.load(Ordering::Acquire);
                let stamp = held >> BITS_MAX;
                if is_newer(stamp, committed) && !Mutant::StampForgotten.is_on() {
                    self.release(Handle {
                        pool: number as u16,
                        index: index as u16,
                        bits: BITS as u16,
                        stamp,
                    });
                }
                if is_newer(stamp, newest) {
                    newest = stamp;
                }
            }
            if let Some(mut holdings) = self.lock() {
                holdings.set_stamp(number, newest);
            }
        }
    }

    /// Has nobody else a part in the chunk?
    fn is_held_alone(&self, handle: Handle) -> bool {
        let (_, holder) = self.place(handle);
        holder.load(Ordering::Acquire) == handle.stamp << BITS_MAX | u64::from(handle.bits)
    }

    fn is_one(&self, handle: Handle) -> bool {
        let pool = self.pools.get(usize::from(handle.pool));
        pool.is_some_and(|pool| usize::from(handle.index) < pool.holders.len())
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
        let is_its = |held: u64| held >> BITS_MAX == handle.stamp || Mutant::StampIgnored.is_on();
        while is_its(held) && held & u64::from(handle.bits) != 0 {
            let left = held & !u64::from(handle.bits);
            match holder.compare_exchange_weak(
                held,
                left,
                Mutant::ReleaseRelaxed.relaxes(Ordering::AcqRel),
                Ordering::Acquire,
            ) {
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

    /// Takes over a chunk; gets a copy of one that has left already.
    ///
    /// # Errors
    /// When the handle is damaged.
    pub(crate) fn adopt(&self, handle: Handle) -> Result<Adopted> {
        let ways = self.ways_of(handle);
        if let Some(copy) = self.pools.copy_of_gone(handle.narrowed(ways)) {
            return Ok(Adopted::Copy(copy));
        }
        let (handle, _) = self.pools.find(handle, ways)?;
        if let Some(mut holdings) = self.pools.lock() {
            holdings.came(handle);
        }
        Ok(Adopted::Itself(SharedChunk {
            pools: self.pools.clone(),
            handle,
            sent: Cell::new(false),
            taken: None,
            may_change: false,
        }))
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

/// What a reader gets for a handle.
pub(crate) enum Adopted {
    Itself(SharedChunk),
    /// The chunk has left with a part of the step that is done again.
    Copy(HeapChunk),
}

/// A chunk in shared memory, held for some of the ways out of the graph.
pub(crate) struct SharedChunk {
    pools: Arc<Pools>,
    handle: Handle,
    /// Its handle has been written into a message, which holds it from now on.
    sent: Cell<bool>,
    /// The count of the pool it was taken from, in the step that has taken it.
    taken: Option<Arc<AtomicUsize>>,
    /// What it was is kept, or nobody asks for that.
    may_change: bool,
}

impl SharedChunk {
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the chunk is held: nobody takes it anew before its bits are cleared, and nobody writes into a chunk
        // that others may look at (`bytes_mut`). The memory stays mapped as long as the pools.
        unsafe { &*self.pools.bytes(self.handle) }
    }

    /// Only if nobody else looks at it, and if a worker that does the same step again finds it as it is.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        if !self.pools.is_held_alone(self.handle) {
            return None;
        }
        self.may_change = self.may_change || self.pools.keep_original(self.handle);
        // SAFETY: as above; all bits that are left are ours, so there is no other holder, nor can there be one.
        self.may_change.then(|| unsafe { &mut *self.pools.bytes(self.handle) })
    }

    /// What was sent is not under way after all.
    fn get_back(&self) {
        if let Some(held) = &self.taken {
            held.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(mut holdings) = self.pools.lock() {
            holdings.not_sent(self.handle);
        }
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
                if self.sent.replace(false) {
                    self.get_back();
                }
            } else if !self.sent.replace(true) {
                self.let_go();
                if let Some(mut holdings) = self.pools.lock() {
                    holdings.sent(self.handle);
                }
            }
            self.handle
        })
    }
}

impl Drop for SharedChunk {
    fn drop(&mut self) {
        if self.sent.get() {
            return;
        }
        self.let_go();
        match (self.pools.lock(), &self.taken) {
            (Some(mut holdings), None) => holdings.was_dropped(self.handle),
            (Some(mut holdings), Some(_)) => {
                holdings.untook(self.handle);
                // before the next inventory, which misses it
                self.pools.release(self.handle);
            }
            (None, _) => self.pools.release(self.handle),
        }
    }
}
