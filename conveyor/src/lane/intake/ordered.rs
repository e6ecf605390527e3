//! `join ordered`: the order in which messages entered the balanced fork is restored.
//!
//! Every position of the fork's inlet is claimed by one lane, whose messages carry it as their origin and end with one
//! that is marked as the last; and the lane's own messages come in the order of their origins. So the next message is
//! at the head of the one ring whose head has the next origin. Memory is bounded by the rings: the lane that has the
//! next origin always gets room, because only older messages stand before it.
//!
//! What a lane gives in `flush` or `finish` has no origin. It waits until the other rings have nothing to offer.

use super::rings::{Rings, up_to_tombstone};
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::bell::{Bell, Reason};
use crate::ring::reader::Reader;
use crate::ring::tags::{ORIGIN_MASK, Tags};
use crate::ring::values;

pub(crate) struct Ordered<'m> {
    rings: Rings<'m>,
    /// The ring that had the last message; it often has the next one, too.
    current: usize,
    /// The origin of the next message.
    next: u64,
    /// The lanes that must not run too far ahead.
    gated: Vec<Bell<'m>>,
}

impl<'m> Ordered<'m> {
    /// # Panics
    /// Without a ring.
    pub(crate) fn new(readers: Vec<Reader<'m>>, next: u64, gated: Vec<Bell<'m>>) -> Ordered<'m> {
        Ordered { rings: Rings::new(readers), current: 0, next: next & ORIGIN_MASK, gated }
    }

    fn has_next(&mut self, ring: usize, passed: u64) -> bool {
        let next = self.next;
        let reader = &mut self.rings.0[ring];
        reader.look(passed) > 0 && reader.slots().innermost(reader.head()).is_of(next)
    }

    /// The first ring whose head belongs nowhere, if the others have nothing to offer before the next mark.
    fn stray(&self, passed: u64) -> Option<usize> {
        let is_stray = |reader: &Reader<'_>| reader.slots().innermost(reader.head()).is_stray();
        let settled = |reader: &Reader<'_>| match reader.at_hand() {
            0 => reader.has_ended() || reader.mark(passed).is_some(),
            _ => true, // none of the heads is the next, and a lane's origins only grow
        };
        let found = self.rings.0.iter().position(|reader| reader.at_hand() > 0 && is_stray(reader))?;
        self.rings.0.iter().all(settled).then_some(found)
    }

    /// Messages with values that follow one another in the current ring.
    fn run(&self, want: u64) -> Ready {
        let reader = &self.rings.0[self.current];
        let mut next = self.next;
        let is_over = |at| {
            let tag = reader.slots().innermost(reader.head().wrapping_add(at));
            let is_over = tag.is_tombstone() || !tag.is_of(next);
            next = (next + u64::from(tag.is_last())) & ORIGIN_MASK;
            is_over
        };
        up_to_tombstone(want.min(reader.run()), is_over, (reader.surplus() > 0).then_some(self.current))
    }
}

impl Intake for Ordered<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        let rings = self.rings.0.len();
        for ring in (self.current..rings).chain(0..self.current) {
            if self.has_next(ring, passed) {
                self.current = ring;
                return self.run(want);
            }
        }
        if let Some(ring) = self.stray(passed) {
            self.current = ring;
            Ready::Run(1)
        } else if self.rings.are_empty() {
            self.rings.mark(passed)
        } else if self.rings.all_have_some() {
            Ready::Damaged(self.current) // the next message is at the head of one of them, and nobody has it
        } else {
            self.rings.empty()
        }
    }

    unsafe fn span<'a>(&self, len: usize, _: &'a mut Vec<Span<'static>>) -> Span<'a> {
        let reader = &self.rings.0[self.current];
        // SAFETY: `poll` has found `len` published slots in one piece; the caller keeps to the rest.
        unsafe { reader.span(len) }
    }

    fn tags(&self, index: u64) -> Tags {
        let reader = &self.rings.0[self.current];
        let mut tags = Tags::default();
        reader.slots().tags(reader.head().wrapping_add(index), &mut tags);
        tags.pop();
        tags
    }

    fn position(&self) -> Option<u64> {
        None
    }

    fn place(&self) -> (u32, u64) {
        (self.current as u32, self.rings.0[self.current].head())
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
        let reader = &mut self.rings.0[self.current];
        reader.advance(messages);
        let last = reader.slots().innermost(reader.head().wrapping_sub(1));
        if !last.is_stray() {
            self.next = (last.origin() + u64::from(last.is_last())) & ORIGIN_MASK;
        }
    }

    fn save(&self, values: &mut [u64]) {
        self.rings.save(values);
        values[values::DONE] = self.next;
    }

    fn wake(&mut self, sleep: &Futex) {
        self.rings.wake(sleep);
        for bell in self.gated.iter().filter(|bell| bell.sleeps_for(&[Reason::Input])) {
            bell.ring(sleep);
        }
    }
}
