//! The record: all positions of one lane, committed by one store.
//!
//! A record is double-buffered. Its owner, the only writer, works on a private copy and commits it whole: it writes
//! the half that is not in use, then increments `seq` with one 8-byte store. Whoever dies before that store has done
//! nothing; whoever dies after it has done everything. So it is a sequence lock with two halves, as `seqcount_latch` of the
//! Linux kernel is: a reader takes the half that is in use, and reads again if `seq` has gone on (see H.-J. Boehm, "Can seqlocks
//! get along with programming language memory models?", 2012).
//!
//! Layout in words: `seq`, then the first [`HOT`] values of half 0 and of half 1, all in one cache line, because they
//! are what neighbours poll; an empty line, because processors fetch lines in pairs, and every commit writes what
//! follows; then the remaining values of half 0, then those of half 1.

use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering, fence};

/// The values of a half that share the cache line of `seq`.
const HOT: usize = 3;
/// Where the remaining values start.
const COLD: usize = 16;

/// A record's place in shared memory.
#[derive(Clone, Copy)]
pub(crate) struct Record<'m> {
    words: &'m [AtomicU64],
    values: usize,
}

/// What neighbours poll, read at one and the same commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hot(pub(crate) [u64; HOT]);

impl<'m> Record<'m> {
    /// How many words a record of `values` values needs.
    pub(crate) const fn words(values: usize) -> usize {
        COLD + 2 * values.saturating_sub(HOT)
    }

    /// A record of `values` values over `words`, which are zero at the start of a run.
    ///
    /// # Panics
    /// When there are too few words.
    pub(crate) fn new(words: &'m [AtomicU64], values: usize) -> Record<'m> {
        assert!(values >= HOT && words.len() >= Self::words(values), "a record's size comes from the layout");
        Record { words, values }
    }

    /// The half that belongs to the commit with this number.
    #[inline]
    fn half(seq: u64) -> usize {
        if cfg!(bare) || Mutant::OneHalf.is_on() { 0 } else { (seq & 1) as usize }
    }

    fn at(&self, seq: u64, value: usize) -> &'m AtomicU64 {
        let half = Record::half(seq);
        let word = if value < HOT {
            1 + half * HOT + value
        } else {
            COLD + half * (self.values - HOT) + value - HOT
        };
        &self.words[word]
    }

    /// The owner's commit: everything or nothing. `seq` is the owner's count of its commits.
    ///
    /// # Panics
    /// When `values` is not what the record holds.
    #[inline]
    pub(crate) fn commit(&self, seq: &mut u64, values: &[u64]) {
        assert_eq!(values.len(), self.values, "a record is committed whole");
        // Pairs with `settled`: the half that a reader may still be looking at is not overwritten before that reader
        // can see that `seq` has moved on.
        if !Mutant::CommitUnfenced.is_on() {
            fence(Ordering::Release);
        }
        let next = seq.wrapping_add(1);
        let half = Record::half(next);
        if Mutant::SeqFirst.is_on() {
            self.words[0].store(next, Ordering::Release);
        }
        let (hot, cold) = values.split_at(HOT);
        store(&self.words[1 + half * HOT..], hot);
        store(&self.words[COLD + half * cold.len()..], cold);
        // Pairs with `published`: whoever sees the new `seq` sees the slots that the new positions publish.
        self.words[0].store(next, Mutant::CommitRelaxed.relaxes(Ordering::Release));
        *seq = next;
    }

    /// Reads from one commit; again, if another commit overtook the reading.
    #[inline]
    fn read<T>(&self, values: impl Fn(&dyn Fn(usize) -> u64) -> T) -> T {
        loop {
            let seq = self.words[0].load(Mutant::ReadRelaxed.relaxes(Ordering::Acquire)); // published
            let got = values(&|value| self.at(seq, value).load(Ordering::Relaxed));
            fence(Ordering::Acquire); // settled
            if self.words[0].load(Ordering::Relaxed) == seq || Mutant::ReadOnce.is_on() {
                return got;
            }
            std::hint::spin_loop();
        }
    }

    /// One value, as a neighbour sees it.
    #[inline]
    pub(crate) fn value(&self, value: usize) -> u64 {
        self.read(|at| at(value))
    }

    /// The hot values, as a neighbour sees them.
    #[inline]
    pub(crate) fn hot(&self) -> Hot {
        self.read(|at| Hot(std::array::from_fn(at)))
    }

    /// How many commits there have been. What was published by them is seen after that.
    pub(crate) fn commits(&self) -> u64 {
        self.words[0].load(Ordering::Acquire)
    }

    /// The owner's count of commits and its values: where a replaced worker goes on.
    pub(crate) fn restore(&self) -> (u64, Vec<u64>) {
        let seq = self.commits();
        (seq, (0..self.values).map(|value| self.at(seq, value).load(Ordering::Relaxed)).collect())
    }
}

#[inline(always)]
fn store(words: &[AtomicU64], values: &[u64]) {
    for (word, new) in words.iter().zip(values) {
        word.store(*new, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(values: usize) -> Vec<AtomicU64> {
        (0..Record::words(values)).map(|_| AtomicU64::new(0)).collect()
    }

    #[test]
    fn a_commit_is_what_neighbours_and_replacements_see() {
        let memory = memory(5);
        let record = Record::new(&memory, 5);
        let mut seq = 0;
        for round in 1..4u64 {
            let values = [round, round * 10, round * 100, round * 1000, round * 10_000];
            record.commit(&mut seq, &values);
            assert_eq!(record.hot(), Hot([round, round * 10, round * 100]));
            assert_eq!(record.value(4), round * 10_000);
            assert_eq!(record.restore(), (round, values.to_vec()));
        }
    }

    #[test]
    fn what_is_written_before_the_last_store_is_not_seen() {
        let memory = memory(4);
        let record = Record::new(&memory, 4);
        let mut seq = 0;
        record.commit(&mut seq, &[1, 2, 3, 4]);
        // a commit that dies before its last store: only the half that is not in use has changed
        for value in 0..4 {
            record.at(seq + 1, value).store(99, Ordering::Relaxed);
        }
        assert_eq!(record.restore(), (1, vec![1, 2, 3, 4]));
    }

    #[test]
    fn a_reader_never_sees_values_of_two_commits() {
        let memory = memory(4);
        let record = Record::new(&memory, 4);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut seq = 0;
                for round in 1..=200_000u64 {
                    record.commit(&mut seq, &[round; 4]);
                }
            });
            let mut last = 0;
            while last < 200_000 {
                let Hot([a, b, c]) = record.hot();
                assert!(a == b && b == c && a >= last, "{a} {b} {c} after {last}");
                last = a;
            }
        });
    }
}
