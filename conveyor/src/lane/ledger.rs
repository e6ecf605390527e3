//! The ledger: what belongs to a commit and has no fixed size, so that it does not fit into the record. The record says
//! how much of it counts.
//!
//! It has two halves, which take turns like those of the record: the one of a commit is written before it, and read only
//! by the lane that takes over when its owner is dead. In it stand the handles of chunks that go with the owner: those
//! that it has dropped, and those that it still has in its hands; of chunks that have left with a part of the step at work;
//! and the state of its stage.

use crate::memory::Handle;
use crate::memory::shared::Listed;
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering, fence};

/// A ledger's place in shared memory.
#[derive(Clone, Copy)]
pub(crate) struct Ledger<'m> {
    words: &'m [AtomicU64],
    size: LedgerSize,
}

/// How much fits into each half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LedgerSize {
    pub(crate) handles: usize,
    /// In bytes.
    pub(crate) state: usize,
}

impl LedgerSize {
    const fn half(self) -> usize {
        2 * self.handles + self.state.div_ceil(8)
    }

    /// How many words a ledger of this size needs.
    pub(crate) const fn words(self) -> usize {
        2 * self.half()
    }
}

impl<'m> Ledger<'m> {
    /// # Panics
    /// When there are too few words.
    pub(crate) fn new(words: &'m [AtomicU64], size: LedgerSize) -> Ledger<'m> {
        assert!(words.len() >= size.words(), "a ledger's size comes from the layout");
        Ledger { words, size }
    }

    fn half(&self, seq: u64) -> &'m [AtomicU64] {
        let half = self.size.half();
        let number = if Mutant::OneLedger.is_on() { 0 } else { seq & 1 };
        &self.words[number as usize * half..][..half]
    }

    /// The half of the commit `seq`, to be written. The commit before it must be out: it has made this half the other
    /// one.
    fn fresh_half(&self, seq: u64) -> &'m [AtomicU64] {
        fence(Ordering::Release);
        self.half(seq)
    }

    /// Writes the handles that belong to the commit `seq`, and returns how many there are of each kind, for the record.
    ///
    /// # Panics
    /// When there are more than chunks in the run, and copies.
    pub(crate) fn write_handles(&self, seq: u64, Listed { held, gone }: &Listed) -> u64 {
        let count = held.len() + gone.len();
        assert!(count <= self.size.handles, "no chunk is held twice, and what is gone has a copy");
        if count > 0 {
            let words = held.iter().chain(gone).flat_map(|handle| handle.pack());
            for (place, word) in self.fresh_half(seq).iter().zip(words) {
                place.store(word, Ordering::Relaxed);
            }
        }
        held.len() as u64 | (gone.len() as u64) << 32
    }

    /// The handles that belong to the commit `seq`; `counts` is what the record says of them.
    pub(crate) fn handles(&self, seq: u64, counts: u64) -> Listed {
        let (held, gone) = (counts as u32 as usize, (counts >> 32) as usize);
        let count = held.saturating_add(gone).min(self.size.handles);
        let pairs = self.half(seq)[..2 * count].chunks_exact(2);
        let handle =
            |pair: &[AtomicU64]| Handle::unpack([0, 1].map(|word| pair[word].load(Ordering::Relaxed)));
        let mut held_ones: Vec<_> = pairs.map(handle).collect();
        let gone = held_ones.split_off(held.min(count));
        Listed { held: held_ones, gone }
    }

    /// Writes the state that belongs to the commit `seq`.
    ///
    /// # Panics
    /// When it is larger than the layout allows for.
    pub(crate) fn write_state(&self, seq: u64, state: &[u8]) {
        assert!(state.len() <= self.size.state, "the layout goes by what the checkpoint takes at most");
        for (place, bytes) in self.fresh_half(seq)[2 * self.size.handles..].iter().zip(state.chunks(8)) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            place.store(u64::from_ne_bytes(word), Ordering::Relaxed);
        }
    }

    /// The state that belongs to the commit `seq`, of `len` bytes.
    pub(crate) fn state(&self, seq: u64, len: usize) -> Vec<u8> {
        let len = len.min(self.size.state);
        let words = &self.half(seq)[2 * self.size.handles..];
        let bytes = words.iter().flat_map(|word| word.load(Ordering::Relaxed).to_ne_bytes());
        bytes.take(len).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: LedgerSize = LedgerSize { handles: 2, state: 13 };

    fn handle(index: u16) -> Handle {
        Handle { pool: 1, index, bits: 3, stamp: 77 }
    }

    #[test]
    fn what_a_commit_has_written_stays_until_it_is_the_last_but_one() {
        let words: Vec<_> = (0..SIZE.words()).map(|_| AtomicU64::new(0)).collect();
        let ledger = Ledger::new(&words, SIZE);
        let first = Listed { held: vec![handle(5)], gone: vec![handle(6)] };
        let second = Listed { held: vec![handle(7)], gone: Vec::new() };
        let counts = [(1, &first), (2, &second)].map(|(seq, listed)| ledger.write_handles(seq, listed));
        ledger.write_state(1, b"thirteen byte");
        ledger.write_state(2, b"");
        assert_eq!((ledger.handles(1, counts[0]), ledger.state(1, 13)), (first, b"thirteen byte".to_vec()));
        assert_eq!((ledger.handles(2, counts[1]), ledger.state(2, 0)), (second, vec![]));
    }

    #[test]
    fn counts_that_cannot_be_read_nothing_beyond() {
        let words: Vec<_> = (0..SIZE.words()).map(|_| AtomicU64::new(0)).collect();
        let ledger = Ledger::new(&words, SIZE);
        for (counts, held) in [(u64::MAX, 2), (u64::MAX << 32, 0), (1 | 5 << 32, 1)] {
            let listed = ledger.handles(0, counts);
            assert_eq!((listed.held.len(), listed.gone.len()), (held, 2 - held));
        }
        assert_eq!(ledger.state(1, usize::MAX).len(), 13);
    }
}
