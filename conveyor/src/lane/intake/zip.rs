//! `join zip`: the messages that stem from one input of the fork, side by side.
//!
//! Every branch gives exactly one message for every input, in the order of the inputs. So the parts of a tuple stand at
//! the same position of all rings. A message that was dropped on the way has left a tombstone there, and its tuple is
//! one too.

use super::rings::{Rings, up_to_tombstone};
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::reader::Reader;
use crate::ring::tags::Tags;

pub(crate) struct Zip<'m> {
    rings: Rings<'m>,
    /// Tag columns of the regions around.
    depth: usize,
}

impl<'m> Zip<'m> {
    /// # Panics
    /// Without a ring.
    pub(crate) fn new(readers: Vec<Reader<'m>>, depth: usize) -> Zip<'m> {
        Zip { rings: Rings::new(readers), depth }
    }

    /// Does some part of the `index`th tuple have no value? Then the tuple has none.
    fn is_tombstone(&self, index: u64) -> bool {
        let part = |reader: &Reader<'_>| reader.slots().innermost(reader.head().wrapping_add(index));
        self.rings.0.iter().any(|reader| part(reader).is_tombstone())
    }
}

impl Intake for Zip<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        let at_hand = self.rings.0.iter_mut().map(|reader| reader.look(passed)).max();
        let complete = self.rings.0.iter().map(Reader::run).min();
        match (complete, at_hand) {
            (Some(run @ 1..), _) => {
                let surplus = self.rings.0.iter().position(|reader| reader.surplus() > 0);
                up_to_tombstone(run.min(want), |at| self.is_tombstone(at), surplus)
            }
            (_, Some(0)) => self.rings.mark(passed),
            _ => self.rings.empty(),
        }
    }

    unsafe fn span<'a>(&self, len: usize, parts: &'a mut Vec<Span<'static>>) -> Span<'a> {
        parts.clear();
        for reader in &self.rings.0 {
            // SAFETY: `poll` has found `len` published slots in one piece of each; the caller keeps to the rest.
            parts.push(unsafe { reader.span(len) });
        }
        Span::zip(parts)
    }

    fn tags(&self, index: u64) -> Tags {
        let mut tags = Tags::default();
        let first = &self.rings.0[0];
        first.slots().tags(first.head().wrapping_add(index), &mut tags);
        tags.truncate(self.depth);
        tags
    }

    fn position(&self) -> Option<u64> {
        Some(self.rings.0[0].head())
    }

    fn place(&self) -> (u32, u64) {
        (0, self.rings.0[0].head())
    }

    fn has_paid(&self) -> bool {
        self.rings.have_paid()
    }

    fn waiting(&self) -> u64 {
        self.rings.0.iter().map(Reader::at_hand).max().unwrap_or(0)
    }

    fn rouse_writers(&mut self, sleep: &Futex) {
        self.rings.rouse_writers(sleep);
    }

    fn take(&mut self, messages: u64) {
        self.rings.0.iter_mut().for_each(|reader| reader.advance(messages));
    }

    fn save(&self, values: &mut [u64]) {
        self.rings.save(values);
    }

    fn wake(&mut self, sleep: &Futex) {
        self.rings.wake(sleep);
    }
}
