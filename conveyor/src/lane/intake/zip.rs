//! `join zip`: the messages that stem from one input of the fork, side by side.
//!
//! Every branch gives exactly one message for every input, in the order of the inputs. So the parts of a tuple stand at
//! the same position of all rings.

use super::rings::Rings;
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::reader::Reader;
use crate::ring::tags::Tags;

pub(crate) struct Zip<'m>(Rings<'m>);

impl<'m> Zip<'m> {
    /// # Panics
    /// Without a ring.
    pub(crate) fn new(readers: Vec<Reader<'m>>) -> Zip<'m> {
        Zip(Rings::new(readers))
    }
}

impl Intake for Zip<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        let at_hand = self.0.0.iter_mut().map(|reader| reader.look(passed)).max();
        let complete = self.0.0.iter().map(Reader::run).min();
        match (complete, at_hand) {
            (Some(run @ 1..), _) => {
                let first = &self.0.0[0];
                let (slots, head) = (first.slots(), first.head());
                let values = (0..run.min(want))
                    .take_while(|at| !slots.innermost(head.wrapping_add(*at)).is_tombstone());
                match values.count() {
                    0 => Ready::Tombstone,
                    run => Ready::Run(run),
                }
            }
            (_, Some(0)) => self.0.mark(passed),
            _ => Ready::Empty,
        }
    }

    unsafe fn spans<'a>(&self, len: usize, into: &mut Vec<Span<'a>>) {
        for reader in &self.0.0 {
            // SAFETY: `poll` has found `len` published slots in one piece of each; the caller keeps to the rest.
            into.push(unsafe { reader.span(len) });
        }
    }

    fn tags(&self, index: u64) -> Tags {
        let mut tags = Tags::default();
        self.0.0[0].slots().tags(self.0.0[0].head().wrapping_add(index), &mut tags);
        tags
    }

    fn position(&self) -> Option<u64> {
        Some(self.0.0[0].head())
    }

    fn waiting(&self) -> u64 {
        self.0.0.iter().map(Reader::at_hand).max().unwrap_or(0)
    }

    fn holds_up_writers(&self) -> bool {
        self.0.hold_up_writers()
    }

    fn take(&mut self, messages: u64) {
        self.0.0.iter_mut().for_each(|reader| reader.advance(messages));
    }

    fn save(&self, values: &mut [u64]) {
        self.0.save(values);
    }

    fn wake(&mut self, sleep: &Futex) {
        self.0.wake(sleep);
    }
}
