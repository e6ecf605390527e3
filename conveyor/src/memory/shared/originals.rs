//! What chunks that came with a message were: whoever works on that message again needs them so.
//!
//! A worker that may change them in any way keeps each before its first change (see `undo`), and publishes nothing of a
//! step before it is over, for otherwise it is not replaced. A `deterministic` one changes them only in ways that may be
//! repeated, and may publish a step in parts. What leaves with a part is somebody else's from that commit on: it is copied
//! before, and the ledger of the commit says so. Whoever does the step again gets the copy; the outputs that were
//! published are left out, so the copy goes nowhere.
//!
//! Invariants: nobody writes a chunk between its sending and the commit; copy number `n` belongs to the `n`th of the
//! handles that the ledger counts as gone; its slot is used again only after the commit of its message.

use super::{Handle, Pools, Undo, mark_of};
use crate::memory::heap::HeapChunk;
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering, fence};

/// What is done for who works on a message again.
pub(crate) enum Originals {
    /// Nothing: nobody does.
    None,
    /// A chunk is kept before it is changed in place.
    Kept(Undo),
    /// That a chunk was changed is only noted here, for the worker is not replaced then.
    Noted(&'static AtomicU64),
    /// A chunk is copied before it leaves with a part of its step. If it cannot be, the mark of its message is noted here:
    /// then a worker that dies of that message is not replaced.
    Copied(Undo, &'static AtomicU64),
}

impl Pools {
    /// A chunk that came with a message is about to be changed. `false` if what it is cannot be kept.
    #[cold]
    pub(super) fn keep_original(&self, handle: Handle) -> bool {
        match &self.originals {
            Originals::None | Originals::Copied(..) => true,
            Originals::Noted(word) => {
                note(word, 1);
                true
            }
            Originals::Kept(undo) => self.lock().is_none_or(|mut holdings| {
                if !holdings.is_uncommitted(handle) {
                    return true;
                }
                let (slot, message) = holdings.next_undo();
                // SAFETY: the chunk is held by us alone, and nobody has a reference to it that may be written through.
                let is_kept = undo.keep(slot, handle, unsafe { &*self.bytes(handle) }, message);
                if is_kept {
                    holdings.has_undo();
                }
                is_kept
            }),
        }
    }

    /// Everything that the step at work has given is part of the commit that is being written.
    pub(crate) fn all_counts(&self) {
        let Some(mut holdings) = self.lock() else { return };
        let leaving = holdings.sent_counts();
        let Originals::Copied(undo, word) = &self.originals else { return };
        for handle in leaving {
            // SAFETY: an output that is not published holds it for us, and nobody changes it there.
            let is_copied = || undo.copy(holdings.gone().len(), unsafe { &*self.bytes(handle) });
            match Mutant::CopyTooLate.is_on() || is_copied() {
                true => holdings.is_gone(handle),
                false => note(word, mark_of(holdings.message())),
            }
        }
    }

    /// How many chunks can be gone, each with a copy.
    pub(super) fn copies_max(&self) -> usize {
        if let Originals::Copied(undo, _) = &self.originals { undo.slots() } else { 0 }
    }

    /// The copy of a chunk that has left with a part of the step that is done again.
    pub(super) fn copy_of_gone(&self, handle: Handle) -> Option<HeapChunk> {
        let Originals::Copied(undo, _) = &self.originals else { return None };
        let slot = self.lock()?.gone().iter().position(|gone| *gone == handle)?;
        let len = self.pools.get(usize::from(handle.pool))?.bytes;
        let copy = undo.copied(slot, len)?;
        (!Mutant::CopyForgotten.is_on()).then(|| HeapChunk::copy_of(copy))
    }

    /// Puts back what was changed for messages that are not among the committed ones.
    pub(super) fn put_back(&self, committed: u64) {
        if let Originals::Kept(undo) = &self.originals {
            let is_its = |handle: &Handle| self.is_one(*handle) && self.is_held_alone(*handle);
            undo.put_back(committed, |handle| Some(handle).filter(is_its).map(|handle| self.bytes(handle)));
        }
    }

    /// Of the mutants: what must come before the commit.
    #[inline(always)]
    pub(super) fn mistake_after_commit(&self) {
        if Mutant::CopyTooLate.is_on()
            && let Originals::Copied(undo, _) = &self.originals
            && let Some(holdings) = self.lock()
        {
            for (slot, handle) in holdings.gone().iter().enumerate() {
                // SAFETY: the memory is mapped; that somebody else may write it is the mistake.
                undo.copy(slot, unsafe { &*self.bytes(*handle) });
            }
        }
    }
}

/// Before anything is changed or leaves.
fn note(word: &AtomicU64, what: u64) {
    word.store(what, Ordering::Relaxed);
    fence(Ordering::SeqCst);
}
