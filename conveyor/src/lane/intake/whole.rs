//! Every message of one ring.

use super::rings::{have_paid, mark, ready};
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::reader::Reader;
use crate::ring::tags::{Tag, Tags};
use crate::ring::values;

pub(crate) struct Whole<'m> {
    pub(crate) reader: Reader<'m>,
    /// So many regions open here: positions are origins there.
    pub(crate) opens: usize,
}

impl Intake for Whole<'_> {
    #[inline]
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        if self.reader.look(passed) == 0 {
            return mark(std::slice::from_ref(&self.reader), passed);
        }
        ready(&self.reader, 0, want)
    }

    unsafe fn span<'a>(&self, len: usize, _: &'a mut Vec<Span<'static>>) -> Span<'a> {
        // SAFETY: `poll` has found `len` published slots in one piece; the caller keeps to the rest.
        unsafe { self.reader.span(len) }
    }

    fn tags(&self, index: u64) -> Tags {
        let mut tags = Tags::default();
        let position = self.reader.head().wrapping_add(index);
        self.reader.slots().tags(position, &mut tags);
        for _ in 0..self.opens {
            tags.push(Tag::entered(position));
        }
        tags
    }

    fn position(&self) -> Option<u64> {
        Some(self.reader.head())
    }

    fn place(&self) -> (u32, u64) {
        (0, self.reader.head())
    }

    fn has_paid(&self) -> bool {
        have_paid(std::slice::from_ref(&self.reader))
    }

    fn waiting(&self) -> u64 {
        self.reader.at_hand()
    }

    fn rouse_writers(&mut self, sleep: &Futex) {
        self.reader.rouse_writer(sleep);
    }

    #[inline]
    fn take(&mut self, messages: u64) {
        self.reader.advance(messages);
    }

    #[inline]
    fn save(&self, values: &mut [u64]) {
        values[values::head(0)] = self.reader.head();
    }

    #[inline]
    fn wake(&mut self, sleep: &Futex) {
        self.reader.wake_writer(sleep);
    }
}
