//! A pool as its lane sees it: where chunks come from.

use super::handle::{BITS, BITS_MAX};
use super::{Handle, PoolPlace, Pools, SharedChunk};
use crate::Failure;
use crate::Result;
use crate::memory::Futex;
use crate::meter::Desk;
use crate::ring::bell::Reason;
use crate::ring::patience::{Patience, Temper};
use crate::sync::Ordering;
use crate::sync::mutant::Mutant;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

/// So many bytes lie in the caches of two cores that hand them over to each other. What goes round in more has to be fetched
/// from further away.
const NEAR_BYTES: usize = 4 << 20;
/// But so many chunks take turns: one that is written, one that is read, and one on its way.
const NEAR_CHUNKS: usize = 3;

/// How many chunks of this size are used before the others, which have not been needed for long.
fn near(chunks: usize, bytes: usize) -> usize {
    NEAR_BYTES.checked_div(bytes).map_or(chunks, |fitting| fitting.max(NEAR_CHUNKS).min(chunks))
}

/// All chunks: those that are near from the next one on, and then the others.
fn in_turn(next: usize, near: usize, chunks: usize) -> impl Iterator<Item = usize> {
    let next = if next < near { next } else { 0 };
    (0..chunks).map(move |step| match next + step {
        _ if step >= near => step,
        index if index >= near => index - near,
        index => index,
    })
}

/// A pool as its lane sees it.
#[derive(Clone)]
pub struct SharedPool {
    pools: Arc<Pools>,
    number: u16,
    /// Where the search for a free chunk starts, among those that are near.
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

    /// Of those that are [`near`], the ones that have been out longest come first: what has just come back lies in the caches
    /// of the core that has read it, and to write to it means to fetch each of its lines from there.
    fn take_free(&self) -> Option<Handle> {
        let place = self.place();
        // user code may take from several threads
        let mut holdings = self.pools.lock()?;
        let (chunks, next) = (place.holders.len(), self.next.load(Ordering::Relaxed));
        let near = near(chunks, place.bytes);
        in_turn(next, near, chunks).find_map(|index| {
            let held = place.holders[index].load(Mutant::TakeRelaxed.relaxes(Ordering::Acquire));
            if held & BITS != 0 {
                return None;
            }
            let stamp = holdings.next_stamp(self.number());
            let handle = Handle { pool: self.number, index: index as u16, bits: place.ways, stamp };
            holdings.took(handle);
            // who has cleared the last bit has done so for good, and nobody else takes from this pool
            place.holders[index].store(stamp << BITS_MAX | u64::from(place.ways), Ordering::Release);
            if index < near {
                self.next.store(index + 1, Ordering::Relaxed);
            }
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
        let (owner, temper) = (self.place().owner, &mut Temper::new(self.patience));
        let found = owner.wait(Reason::Chunk, temper, None, &Futex, || self.look_for_free());
        self.desk.waited_for_room(started.elapsed());
        self.desk.set_waits(false);
        found.unwrap_or_else(|| Err(Failure::stopped()))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_fits_into_the_caches_takes_turns_before_the_others() {
        assert_eq!(in_turn(2, 4, 7).collect::<Vec<_>>(), [2, 3, 0, 1, 4, 5, 6]);
        assert_eq!(in_turn(4, 4, 7).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(in_turn(1, 1, 1).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn small_chunks_are_all_near_and_of_large_ones_three_are() {
        let nears = [(8, 0), (8, 64), (64, 1 << 20), (8, 1 << 30), (2, 1 << 30)];
        assert_eq!(nears.map(|(chunks, bytes)| near(chunks, bytes)), [8, 8, 4, 3, 2]);
    }
}
