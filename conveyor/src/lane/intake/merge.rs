//! `join merge`: messages as they come.

use super::{Intake, Ready, mark};
use crate::lane::sleep::Futex;
use crate::ring::Span;
use crate::ring::reader::Reader;
use crate::ring::tags::Tags;
use crate::ring::values;

pub(crate) struct Merge<'m> {
    readers: Vec<Reader<'m>>,
    /// Whose turn it is; after each run it is the next one's.
    turn: usize,
}

impl<'m> Merge<'m> {
    /// # Panics
    /// Without a ring.
    pub(crate) fn new(readers: Vec<Reader<'m>>) -> Merge<'m> {
        assert!(!readers.is_empty(), "a join has branches");
        Merge { readers, turn: 0 }
    }
}

impl Intake for Merge<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        let rings = self.readers.len();
        for _ in 0..rings {
            let reader = &mut self.readers[self.turn];
            if reader.look() > 0 {
                return Ready::Run(reader.run().min(want) as usize);
            }
            self.turn = (self.turn + 1) % rings;
        }
        mark(&self.readers, passed)
    }

    unsafe fn spans<'a>(&self, len: usize, into: &mut Vec<Span<'a>>) {
        let reader = &self.readers[self.turn];
        // SAFETY: `poll` has found `len` published slots in one piece; the caller keeps to the rest.
        into.push(unsafe { reader.span(len) });
    }

    fn tags(&self, _: u64) -> Tags {
        Tags::default()
    }

    fn position(&self) -> Option<u64> {
        None
    }

    fn waiting(&self) -> u64 {
        self.readers.iter().map(Reader::at_hand).sum()
    }

    fn holds_up_writers(&self) -> bool {
        self.readers.iter().any(Reader::writer_sleeps)
    }

    fn take(&mut self, messages: u64) {
        let reader = &mut self.readers[self.turn];
        reader.advance(messages);
        if reader.at_hand() == 0 {
            self.turn = (self.turn + 1) % self.readers.len();
        }
    }

    fn save(&self, values: &mut [u64]) {
        for (ring, reader) in self.readers.iter().enumerate() {
            values[values::head(ring)] = reader.head();
        }
    }

    fn wake(&mut self, sleep: &Futex) {
        self.readers.iter_mut().for_each(|reader| reader.wake_writer(sleep));
    }
}
