//! How messages move from a lane to the readers of a group: in blocks, so that what crosses between two cores is paid for
//! once per block.
//!
//! No message waits for a block to become full. A block travels when the step or the turn that has filled it is over,
//! when a reader sleeps, when it is as large as a reader wants it, and before its writer waits for anything. A source
//! may wait at any time inside the user's code: so it fills its block openly, and a reader that runs dry takes it as it
//! is.
//!
//! The capacity of a channel is counted in messages: the writer counts those it has sent, the readers those they have
//! taken, and each looks at the other's count only when it has to.

use super::parcel::Parcel;
use crate::sync::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering, in_one_order};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use std::sync::{Arc, PoisonError};

/// Consecutive parcels.
pub(crate) struct Block<T> {
    /// The number of the first one.
    pub(super) first: u64,
    pub(super) parcels: Vec<Parcel<T>>,
}

/// What both sides of a channel see.
pub(crate) struct Gauge<T> {
    counts: [Padded; 2],
    /// How many readers sleep or are about to, as far as the writer has not sent them a block since.
    hungry: AtomicU64,
    /// The writer waits for room.
    blocked: AtomicBool,
    /// How many messages a reader that shares the stream with others would take at once.
    want: AtomicU64,
    /// The block that a source is filling.
    open: Mutex<Block<T>>,
}

/// A count on cache lines of its own.
#[derive(Default)]
#[repr(align(128))]
struct Padded(AtomicU64);

const SENT: usize = 0;
const TAKEN: usize = 1;

/// The writer's end.
pub(super) struct Publisher<T> {
    queue: Sender<Block<T>>,
    pub(super) gauge: Arc<Gauge<T>>,
    /// A reader has made room.
    pub(super) room: Receiver<()>,
}

/// A reader's end.
pub(crate) struct Subscriber<T> {
    pub(super) queue: Receiver<Block<T>>,
    pub(super) gauge: Arc<Gauge<T>>,
    room: Sender<()>,
    readers: u64,
}

/// A channel for so many readers, which share the messages.
pub(super) fn channel<T>(readers: usize) -> (Publisher<T>, Subscriber<T>) {
    let (queue, blocks) = unbounded(); // the writer minds the capacity
    let (rings, room) = bounded(1);
    let gauge = Arc::new(Gauge {
        counts: Default::default(),
        hungry: 0.into(),
        blocked: false.into(),
        want: 1.into(),
        open: Mutex::new(Block { first: 0, parcels: Vec::new() }),
    });
    let subscriber = Subscriber { queue: blocks, gauge: gauge.clone(), room: rings, readers: readers as u64 };
    (Publisher { queue, gauge, room }, subscriber)
}

impl<T> Gauge<T> {
    /// Everything with a smaller number has been published.
    pub(super) fn sent(&self) -> u64 {
        self.counts[SENT].0.load(Ordering::Acquire)
    }

    /// How many messages the readers have taken.
    pub(super) fn taken(&self) -> u64 {
        self.counts[TAKEN].0.load(Ordering::SeqCst)
    }

    /// Does a reader sleep?
    #[inline]
    pub(super) fn is_hungry(&self) -> bool {
        self.hungry.load(Ordering::Relaxed) > 0
    }

    pub(super) fn want(&self) -> u64 {
        self.want.load(Ordering::Relaxed)
    }

    pub(super) fn set_want(&self, want: u64) {
        self.want.store(want, Ordering::Relaxed);
    }

    /// The writer is about to wait for room, or needs none any more.
    pub(super) fn set_blocked(&self, blocked: bool) {
        self.blocked.store(blocked, Ordering::SeqCst);
    }

    /// A panic leaves the block whole: parcels are put in and taken out by single calls.
    fn open(&self) -> MutexGuard<'_, Block<T>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Publisher<T> {
    /// Sends a block; everything before `sent` is out now. `false` if all readers are gone.
    pub(super) fn send(&self, block: Block<T>, sent: u64) -> bool {
        self.gauge.counts[SENT].0.store(sent, Ordering::Release);
        if self.gauge.is_hungry() {
            self.gauge.hungry.fetch_sub(1, Ordering::SeqCst); // only here: so there is one to take away
        }
        self.queue.send(block).is_ok()
    }

    /// Adds to the open block, which can be taken from now on, and sends it when it has grown to `batch`.
    pub(super) fn add_openly(&self, parcel: Parcel<T>, number: u64, batch: usize) -> bool {
        let mut open = self.gauge.open();
        if open.parcels.is_empty() {
            open.first = number;
        }
        open.parcels.push(parcel);
        if open.parcels.len() >= batch || self.gauge.is_hungry() {
            // still locked: a reader that finds the channel empty must not find the next block before this one
            return self.send(take(&mut open), number + 1);
        }
        self.gauge.counts[SENT].0.store(number + 1, Ordering::Release);
        true
    }

    /// Sends what is left of the open block.
    pub(super) fn send_open(&self) -> bool {
        let mut open = self.gauge.open();
        open.parcels.is_empty() || self.send(take(&mut open), self.gauge.sent())
    }
}

fn take<T>(open: &mut Block<T>) -> Block<T> {
    let room = open.parcels.len(); // the next one will probably be like this one
    Block { first: open.first, parcels: std::mem::replace(&mut open.parcels, Vec::with_capacity(room)) }
}

impl<T> Clone for Subscriber<T> {
    fn clone(&self) -> Subscriber<T> {
        let Subscriber { queue, gauge, room, readers } = self;
        Subscriber { queue: queue.clone(), gauge: gauge.clone(), room: room.clone(), readers: *readers }
    }
}

impl<T> Subscriber<T> {
    /// The next block, be it full or not.
    pub(super) fn take(&self) -> Result<Block<T>, TryRecvError> {
        match self.queue.try_recv() {
            Err(_) => {}
            block => return block,
        }
        let mut open = self.gauge.open();
        match self.queue.try_recv() {
            // also when the writer is gone: one that has failed sends no more
            Err(_) if !open.parcels.is_empty() => Ok(take(&mut open)),
            block => block,
        }
    }

    /// So many messages more have been taken.
    pub(super) fn report(&self, taken: u64) {
        self.gauge.counts[TAKEN].0.fetch_add(taken, Ordering::SeqCst);
        in_one_order();
        if self.gauge.blocked.load(Ordering::SeqCst) && self.gauge.blocked.swap(false, Ordering::SeqCst) {
            let _ = self.room.try_send(()); // one call is enough
        }
    }

    /// There was nothing to take: the next message is to be sent at once.
    pub(super) fn starve(&self) {
        if self.gauge.hungry.load(Ordering::Relaxed) < self.readers {
            self.gauge.hungry.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Shared with other readers.
    pub(super) fn is_shared(&self) -> bool {
        self.readers > 1
    }
}
