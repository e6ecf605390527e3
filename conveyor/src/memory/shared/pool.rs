//! A pool as its lane sees it: where chunks come from.

use super::handle::{BITS, BITS_MAX};
use super::{Handle, PoolPlace, Pools, SharedChunk};
use crate::Failure;
use crate::Result;
use crate::memory::Futex;
use crate::meter::Desk;
use crate::ring::bell::{Patience, Reason};
use crate::sync::Ordering;
use crate::sync::mutant::Mutant;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

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

    /// Among the pools of the run.
    pub(crate) fn number(&self) -> usize {
        usize::from(self.number)
    }

    /// Is a chunk free just now?
    pub(crate) fn has_free(&self) -> bool {
        self.place().holders.iter().any(|holder| holder.load(Ordering::Acquire) & BITS == 0)
    }

    pub(crate) fn chunks(&self) -> usize {
        self.place().holders.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.place().bytes
    }

    /// The ones that have been out longest come first: what has just come back lies in the caches of the core that has
    /// read it, and to write to it means to fetch each of its lines from there.
    fn take_free(&self) -> Option<Handle> {
        let place = self.place();
        // user code may take from several threads
        let mut holdings = self.pools.lock()?;
        let (chunks, first) = (place.holders.len(), self.next.load(Ordering::Relaxed));
        let mut by_age = (0..chunks).map(|step| (first + step) % chunks);
        by_age.find_map(|index| {
            let held = place.holders[index].load(Mutant::TakeRelaxed.relaxes(Ordering::Acquire));
            if held & BITS != 0 {
                return None;
            }
            let stamp = holdings.next_stamp(self.number());
            let handle = Handle { pool: self.number, index: index as u16, bits: place.ways, stamp };
            holdings.took(handle);
            // who has cleared the last bit has done so for good, and nobody else takes from this pool
            place.holders[index].store(stamp << BITS_MAX | u64::from(place.ways), Ordering::Release);
            self.next.store(index + 1, Ordering::Relaxed);
            Some(handle)
        })
    }

    pub(crate) fn take(&self) -> Result<SharedChunk> {
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
            may_change: true,
        })
    }

    /// A free chunk, or why there will be none.
    fn look_for_free(&self) -> Option<Result<Handle>> {
        if self.pools.stop.load(Ordering::Relaxed) != 0 {
            return Some(Err(Failure::stopped()));
        }
        let stuck = self.pools.lock().map_or(0, |holdings| holdings.stuck(self.number()));
        if self.held.load(Ordering::Relaxed) + stuck >= self.chunks() {
            return Some(Err(crate::memory::pool::exhausted(self.chunks(), stuck)));
        }
        self.take_free().map(Ok)
    }

    #[cold]
    fn wait_for_free(&self) -> Result<Handle> {
        let started = Instant::now();
        self.desk.set_waits(true);
        let found =
            self.place().owner.wait(Reason::Chunk, self.patience, None, &Futex, || self.look_for_free());
        self.desk.waited_for_room(started.elapsed());
        self.desk.set_waits(false);
        found.unwrap_or_else(|| Err(Failure::stopped()))
    }
}
