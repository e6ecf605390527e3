//! Undo copies: what chunks were before a step has changed them in place. The slots hold other copies, too: see
//! `originals`.
//!
//! A chunk that came with a message is needed again as it was, if the worker dies before that message is committed. So
//! before its first change its bytes are copied into a slot that the worker alone writes, and an entry says of which chunk
//! they are and which message is at work. Whoever takes over puts them back, unless that message is committed.
//!
//! Invariants: an entry counts from one store on, when all of its copy is there and nothing has been changed; its slot is
//! used again only after the commit of its message. The first slots are reserved with the run; the others get memory when
//! they are first used.

use super::Handle;
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering, fence};
use crate::sys::segment;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// Of an entry: the [mark](mark_of) of the message at work; 0 if it does not count.
const MESSAGE: usize = 0;
const HANDLE: usize = 1;
/// How many words an entry has.
const WORDS: usize = HANDLE + 2;

/// A message's number, as it is noted in shared memory: never 0. They are compared modulo 2^64.
pub(crate) fn mark_of(message: u64) -> u64 {
    message << 1 | 1
}

/// How many slots there are, and their size in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct UndoSize {
    pub(crate) slots: usize,
    pub(crate) stride: usize,
}

impl UndoSize {
    /// How many words the entries need.
    pub(crate) const fn words(self) -> usize {
        self.slots * WORDS
    }

    /// In bytes.
    pub(crate) const fn bytes(self) -> usize {
        self.slots.saturating_mul(self.stride)
    }
}

/// The undo copies of one lane, in shared memory.
pub(crate) struct Undo {
    entries: &'static [AtomicU64],
    first: *mut u8,
    size: UndoSize,
    /// So much of each slot has memory, in bytes.
    ready: Vec<AtomicUsize>,
}

// SAFETY: plain addresses of shared memory that one lane writes, which holds a lock when it does.
unsafe impl Send for Undo {}
// SAFETY: as above.
unsafe impl Sync for Undo {}

impl Undo {
    /// # Safety
    /// From `first` on the memory of slots of this size is mapped as long as this lives, and nobody else writes it; the
    /// first `reserved` bytes can be touched at once.
    ///
    /// # Panics
    /// When there are too few words.
    pub(crate) unsafe fn new(
        entries: &'static [AtomicU64],
        first: *mut u8,
        size: UndoSize,
        reserved: usize,
    ) -> Undo {
        assert!(entries.len() >= size.words(), "the size of undo entries comes from the layout");
        let ready = |slot: usize| reserved.saturating_sub(slot * size.stride).min(size.stride);
        Undo { entries, first, size, ready: (0..size.slots).map(|slot| ready(slot).into()).collect() }
    }

    pub(super) fn slots(&self) -> usize {
        self.size.slots
    }

    fn entry(&self, slot: usize) -> &'static [AtomicU64] {
        &self.entries[slot * WORDS..][..WORDS]
    }

    fn slot(&self, slot: usize) -> *mut u8 {
        self.first.wrapping_add(slot * self.size.stride)
    }

    /// Copies what is about to be changed in the course of message number `message`; `false` if there is no such slot, or
    /// no memory for it. The slot is in use until that message is committed.
    pub(super) fn keep(&self, slot: usize, handle: Handle, bytes: &[u8], message: u64) -> bool {
        if slot >= self.size.slots {
            return false;
        }
        let entry = self.entry(slot);
        let count = || entry[MESSAGE].store(mark_of(message), Ordering::Release);
        if Mutant::UndoTooEarly.is_on() {
            count();
        }
        if !self.copy(slot, bytes) {
            return false;
        }
        for (word, value) in entry[HANDLE..].iter().zip(handle.pack()) {
            word.store(value, Ordering::Relaxed);
        }
        count();
        fence(Ordering::SeqCst); // before anything is changed
        true
    }

    /// Fills a slot; `false` if there is no such slot, or no memory for it.
    pub(super) fn copy(&self, slot: usize, bytes: &[u8]) -> bool {
        if slot >= self.size.slots || bytes.len() > self.size.stride || !self.has_memory(slot, bytes.len()) {
            return false;
        }
        // SAFETY: the slot is that large, ours alone, and no chunk.
        unsafe { self.slot(slot).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        true
    }

    /// So many bytes of a slot, if there are as many.
    pub(super) fn copied(&self, slot: usize, len: usize) -> Option<&[u8]> {
        let is_there = slot < self.size.slots && len <= self.size.stride;
        // SAFETY: within the slot, which is mapped and ours, and is filled by nobody while it is looked at.
        is_there.then(|| unsafe { std::slice::from_raw_parts(self.slot(slot), len) })
    }

    fn has_memory(&self, slot: usize, len: usize) -> bool {
        let ready = &self.ready[slot];
        if ready.load(Relaxed) < len {
            // SAFETY: within the slot, which is mapped and ours.
            if unsafe { segment::populate(self.slot(slot), len) }.is_err() {
                return false;
            }
            ready.store(len, Relaxed);
        }
        true
    }

    /// Puts back what was changed in the course of messages that are not among the `committed` ones. `place` finds the
    /// memory of a chunk that is still its holder's. May be repeated, until it has come to its end.
    pub(super) fn put_back(&self, committed: u64, place: impl Fn(Handle) -> Option<*mut [u8]>) {
        for slot in 0..self.size.slots {
            let entry = self.entry(slot);
            let mark = entry[MESSAGE].load(Ordering::Acquire);
            let is_committed = mark.wrapping_sub(mark_of(committed)).cast_signed() < 0;
            if mark == 0 || is_committed && !Mutant::UndoStale.is_on() {
                continue;
            }
            let handle = Handle::unpack([HANDLE, HANDLE + 1].map(|word| entry[word].load(Ordering::Relaxed)));
            if let Some(chunk) = place(handle).filter(|_| !Mutant::UndoForgotten.is_on()) {
                let len = chunk.len().min(self.size.stride);
                // SAFETY: both are that large, they are not the same memory, and the dead lane was the only one that
                // might look at the chunk.
                unsafe { chunk.cast::<u8>().copy_from_nonoverlapping(self.slot(slot), len) };
            }
        }
        fence(Ordering::SeqCst);
        for slot in 0..self.size.slots {
            self.entry(slot)[MESSAGE].store(0, Ordering::Release);
        }
    }
}
