//! The rings of a join, side by side.

use super::Ready;
use crate::lane::Futex;
use crate::ring::reader::Reader;
use crate::ring::values;

/// At least one.
pub(super) struct Rings<'m>(pub(super) Vec<Reader<'m>>);

impl<'m> Rings<'m> {
    /// # Panics
    /// Without a ring.
    pub(super) fn new(readers: Vec<Reader<'m>>) -> Rings<'m> {
        assert!(!readers.is_empty(), "a join has branches");
        Rings(readers)
    }

    /// Messages in all of them.
    pub(super) fn waiting(&self) -> u64 {
        self.0.iter().map(Reader::at_hand).sum()
    }

    pub(super) fn hold_up_writers(&self) -> bool {
        self.0.iter().any(Reader::writer_sleeps)
    }

    pub(super) fn are_empty(&self) -> bool {
        self.0.iter().all(|reader| reader.at_hand() == 0)
    }

    pub(super) fn save(&self, values: &mut [u64]) {
        for (ring, reader) in self.0.iter().enumerate() {
            values[values::head(ring)] = reader.head();
        }
    }

    pub(super) fn wake(&mut self, sleep: &Futex) {
        self.0.iter_mut().for_each(|reader| reader.wake_writer(sleep));
    }

    /// Nothing is at hand: is there a mark that all of them have, or have all of them ended?
    pub(super) fn mark(&self, passed: u64) -> Ready {
        mark(&self.0, passed)
    }
}

/// Several rings with nothing at hand: is there a mark that all of them have, or have all of them ended?
pub(super) fn mark(readers: &[Reader<'_>], passed: u64) -> Ready {
    let mut first = None;
    for reader in readers {
        match reader.mark(passed) {
            Some(epoch) => first = Some(first.map_or(epoch, |first: u64| first.min(epoch))),
            None if reader.has_ended() => {}
            None => return Ready::Empty,
        }
    }
    first.map_or(Ready::Ended, Ready::Flush)
}
