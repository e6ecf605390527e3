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

    /// All of them are empty: is there a mark that all of them have?
    pub(super) fn mark(&self, passed: u64) -> Ready {
        mark(&self.0, passed)
    }
}

/// Several rings that are all empty: is there a mark that all of them have?
pub(super) fn mark(readers: &[Reader<'_>], passed: u64) -> Ready {
    if readers.iter().all(|reader| reader.flags().ended) {
        return Ready::Ended;
    }
    let open = readers.iter().filter(|reader| !reader.flags().ended);
    match open.map(|reader| reader.flags().epoch).min() {
        Some(epoch) if epoch > passed => Ready::Flush(epoch),
        _ => Ready::Empty,
    }
}
