//! Every message of one ring.

use super::rings::mark;
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::reader::Reader;
use crate::ring::tags::Tags;
use crate::ring::values;

pub(crate) struct Whole<'m>(pub(crate) Reader<'m>);

impl Intake for Whole<'_> {
    #[inline]
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        if self.0.look(passed) == 0 {
            return mark(std::slice::from_ref(&self.0), passed);
        }
        let slots = self.0.slots();
        if slots.geometry().depth == 0 {
            return Ready::Run(self.0.run().min(want) as usize);
        }
        let head = self.0.head();
        let values = (0..self.0.run().min(want))
            .take_while(|at| !slots.innermost(head.wrapping_add(*at)).is_tombstone());
        match values.count() {
            0 => Ready::Tombstone,
            run => Ready::Run(run),
        }
    }

    unsafe fn spans<'a>(&self, len: usize, into: &mut Vec<Span<'a>>) {
        // SAFETY: `poll` has found `len` published slots in one piece; the caller keeps to the rest.
        into.push(unsafe { self.0.span(len) });
    }

    fn tags(&self, index: u64) -> Tags {
        let mut tags = Tags::default();
        self.0.slots().tags(self.0.head().wrapping_add(index), &mut tags);
        tags
    }

    fn position(&self) -> Option<u64> {
        Some(self.0.head())
    }

    fn waiting(&self) -> u64 {
        self.0.at_hand()
    }

    fn holds_up_writers(&self) -> bool {
        self.0.writer_sleeps()
    }

    #[inline]
    fn take(&mut self, messages: u64) {
        self.0.advance(messages);
    }

    #[inline]
    fn save(&self, values: &mut [u64]) {
        values[values::head(0)] = self.0.head();
    }

    #[inline]
    fn wake(&mut self, sleep: &Futex) {
        self.0.wake_writer(sleep);
    }
}
