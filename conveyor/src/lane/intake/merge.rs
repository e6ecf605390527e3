//! `join merge`: messages as they come.

use super::rings::{Rings, ready};
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::reader::Reader;
use crate::ring::tags::Tags;
use crate::ring::values;

pub(crate) struct Merge<'m> {
    rings: Rings<'m>,
    /// Whose turn it is; after each run it is the next one's.
    turn: usize,
}

impl<'m> Merge<'m> {
    /// `turn`: whose turn it is, as the record says.
    ///
    /// # Panics
    /// Without a ring.
    pub(crate) fn new(readers: Vec<Reader<'m>>, turn: u64) -> Merge<'m> {
        let turn = turn as usize % readers.len().max(1);
        Merge { rings: Rings::new(readers), turn }
    }
}

impl Intake for Merge<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        let rings = self.rings.0.len();
        for _ in 0..rings {
            let reader = &mut self.rings.0[self.turn];
            if reader.look(passed) > 0 {
                return ready(reader, self.turn, want);
            }
            self.turn = (self.turn + 1) % rings;
        }
        self.rings.mark(passed)
    }

    unsafe fn span<'a>(&self, len: usize, _: &'a mut Vec<Span<'static>>) -> Span<'a> {
        let reader = &self.rings.0[self.turn];
        // SAFETY: `poll` has found `len` published slots in one piece; the caller keeps to the rest.
        unsafe { reader.span(len) }
    }

    fn tags(&self, _: u64) -> Tags {
        Tags::default()
    }

    fn position(&self) -> Option<u64> {
        None
    }

    fn place(&self) -> (u32, u64) {
        (self.turn as u32, self.rings.0[self.turn].head())
    }

    fn has_paid(&self) -> bool {
        self.rings.have_paid()
    }

    fn waiting(&self) -> u64 {
        self.rings.waiting()
    }

    fn rouse_writers(&mut self, sleep: &Futex) {
        self.rings.rouse_writers(sleep);
    }

    fn take(&mut self, messages: u64) {
        let reader = &mut self.rings.0[self.turn];
        reader.advance(messages);
        if reader.at_hand() == 0 {
            self.turn = (self.turn + 1) % self.rings.0.len();
        }
    }

    fn save(&self, values: &mut [u64]) {
        self.rings.save(values);
        // who takes over begins with the same message: a part of its outputs may be published
        values[values::DONE] = self.turn as u64;
    }

    fn wake(&mut self, sleep: &Futex) {
        self.rings.wake(sleep);
    }
}
