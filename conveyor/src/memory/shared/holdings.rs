//! The chunks that a worker has in its hands: so that a commit can say which of them go with it, should it die.
//!
//! A chunk that has come with the message at work is not the worker's yet: if it dies, the message is worked on again, and
//! needs its chunk. It is the worker's as soon as that message is over. A chunk that it has taken from a pool of its own
//! is its own at once. One that it has sent is so no more as soon as the step is over: before that the message that
//! holds it may not count.

use super::handle::{Handle, STAMPS};
use crate::sync::mutant::Mutant;

/// Of one worker.
#[derive(Default)]
pub(super) struct Holdings {
    /// They came with the message at work.
    came: Vec<Handle>,
    /// Of these, the ones that were dropped.
    spent: Vec<Handle>,
    /// The worker's own, whatever becomes of the message at work.
    own: Vec<Handle>,
    /// They were its own, and are in outputs of the step at work that are not published.
    sent: Vec<Handle>,
    /// They came with the message at work, and are in such outputs, too.
    leaving: Vec<Handle>,
    /// They came with the message at work, and have left with a part of its step that is published. There are copies.
    gone: Vec<Handle>,
    /// Its bits are cleared after the next commit.
    dropped: Vec<Handle>,
    /// They came with messages that are over and not committed.
    fresh: Vec<Handle>,
    /// The number of the message at work.
    message: u64,
    /// Undo copies in force, and the last message that some were made for.
    kept: usize,
    kept_for: u64,
    /// The newest stamp of each pool that the worker takes from.
    stamps: Vec<u64>,
}

/// What the ledger of a commit says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    /// What the worker has dropped or still has, each chunk once.
    pub(crate) held: Vec<Handle>,
    /// What has come with the message at work and left with a part of its step, in the order of the copies.
    pub(crate) gone: Vec<Handle>,
}

impl Holdings {
    pub(super) fn new(pools: usize) -> Holdings {
        Holdings { stamps: vec![0; pools], ..Holdings::default() }
    }

    pub(super) fn set_stamp(&mut self, pool: usize, stamp: u64) {
        self.stamps[pool] = stamp;
    }

    /// A stamp that the pool has not given yet.
    pub(super) fn next_stamp(&mut self, pool: usize) -> u64 {
        self.stamps[pool] = self.stamps[pool].wrapping_add(1) & STAMPS;
        self.stamps[pool]
    }

    /// A chunk was taken from a pool.
    pub(super) fn took(&mut self, handle: Handle) {
        self.own.push(handle);
    }

    /// A chunk has come with the message at work.
    pub(super) fn came(&mut self, handle: Handle) {
        self.came.push(handle);
    }

    /// A message holds the chunk from now on.
    pub(super) fn sent(&mut self, handle: Handle) {
        if remove(&mut self.own, handle) {
            self.sent.push(handle);
        } else if remove(&mut self.came, handle) {
            self.leaving.push(handle);
        }
    }

    /// That message does not hold it after all: it is again what it was.
    pub(super) fn not_sent(&mut self, handle: Handle) {
        if remove(&mut self.sent, handle) {
            let back = if Mutant::KeptAsCome.is_on() { &mut self.came } else { &mut self.own };
            back.push(handle);
        } else if remove(&mut self.leaving, handle) {
            self.came.push(handle);
        }
    }

    /// What the step at work has given so far is about to be published. Returns what has come with its message and leaves.
    pub(super) fn sent_counts(&mut self) -> Vec<Handle> {
        self.sent.clear();
        std::mem::take(&mut self.leaving)
    }

    /// It has left, and there is a copy.
    pub(super) fn is_gone(&mut self, handle: Handle) {
        self.gone.push(handle);
    }

    /// Which have left, in the order of their copies.
    pub(super) fn gone(&self) -> &[Handle] {
        &self.gone
    }

    /// The number of the message at work.
    pub(super) fn message(&self) -> u64 {
        self.message
    }

    /// The worker takes over from another: at this message, with which these have come and left.
    pub(super) fn take_over(&mut self, message: u64, gone: Vec<Handle>) {
        (self.message, self.gone) = (message, gone);
    }

    /// Chunks of a pool that cannot come back before the step at work is published.
    pub(super) fn stuck(&self, pool: usize) -> usize {
        self.sent.iter().filter(|handle| usize::from(handle.pool) == pool).count()
    }

    /// A chunk of a pool of its own was dropped, and no message has ever held it: it is free at once.
    pub(super) fn untook(&mut self, handle: Handle) {
        remove(&mut self.own, handle);
    }

    /// Any other chunk was dropped: its bits are to be cleared after the commit that says so.
    pub(super) fn was_dropped(&mut self, handle: Handle) {
        if remove(&mut self.came, handle) {
            self.spent.push(handle);
        } else {
            remove(&mut self.own, handle);
            self.dropped.push(handle);
        }
    }

    /// The message at work is over: what came with it is the worker's. The next one has this number. Returns whether there
    /// are copies for it: their slots are needed until it is committed.
    pub(super) fn message_is_over(&mut self, next: u64) -> bool {
        self.fresh.extend_from_slice(&self.came);
        self.own.append(&mut self.came);
        self.dropped.append(&mut self.spent);
        self.sent.clear();
        self.leaving.clear();
        self.message = next;
        let had_gone = !std::mem::take(&mut self.gone).is_empty();
        had_gone || self.kept > 0
    }

    /// Has it come with a message that is not committed?
    pub(super) fn is_uncommitted(&self, handle: Handle) -> bool {
        self.came.contains(&handle) || self.fresh.contains(&handle)
    }

    /// The next undo copy: its slot, and the message that it is made for.
    pub(super) fn next_undo(&self) -> (usize, u64) {
        (self.kept, self.message)
    }

    /// That has been made.
    pub(super) fn has_undo(&mut self) {
        (self.kept, self.kept_for) = (self.kept + 1, self.message);
    }

    /// What the commit says that is being written, and the newest stamp of each pool.
    pub(super) fn inventory(&self) -> (Listed, Vec<u64>) {
        let sent = if Mutant::SentForgotten.is_on() { &[][..] } else { &self.sent };
        let mut held: Vec<Handle> = self.dropped.iter().chain(&self.own).chain(sent).copied().collect();
        held.sort_unstable_by_key(|handle| (handle.pool, handle.index, handle.stamp));
        held.dedup_by(|more, known| {
            let are_one = known.is_of(*more);
            known.bits |= if are_one { more.bits } else { 0 };
            are_one
        });
        (Listed { held, gone: self.gone.clone() }, self.stamps.clone())
    }

    /// A commit has been made. Returns what was dropped before it.
    pub(super) fn committed(&mut self) -> Vec<Handle> {
        self.fresh.clear();
        if self.kept_for != self.message {
            self.kept = 0;
        }
        std::mem::take(&mut self.dropped)
    }
}

fn remove(handles: &mut Vec<Handle>, handle: Handle) -> bool {
    let found = handles.iter().position(|known| *known == handle);
    if let Some(at) = found {
        handles.swap_remove(at);
    }
    found.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chunk_is_listed_once_with_all_its_bits() {
        let handle = |index, bits| Handle { pool: 1, index, bits, stamp: 7 };
        let mut holdings = Holdings::new(2);
        let [first, other, second] = [handle(9, 1), handle(3, 4), handle(9, 2)];
        [first, other, second].into_iter().for_each(|handle| holdings.took(handle));
        holdings.was_dropped(second);
        let (listed, _) = holdings.inventory();
        assert_eq!(listed, Listed { held: vec![other, handle(9, 3)], gone: Vec::new() });
        assert_eq!(holdings.committed(), [second]);
    }
}
