//! A share of one ring: ranges of it, claimed from the other lanes of a balanced fork.

use super::{Intake, Ready};
use crate::lane::Futex;
use crate::memory::Tray;
use crate::ring::Span;
use crate::ring::bell::{Bell, Reason};
use crate::ring::claim::{Claims, Range};
use crate::ring::record::{Hot, Record};
use crate::ring::slots::Slots;
use crate::ring::tags::{Tag, Tags};
use crate::ring::values::{self, Flags};
use std::sync::Arc;

pub(crate) struct Share<'m> {
    slots: Slots,
    /// Where messages may hold chunks.
    tray: Option<Arc<Tray>>,
    writer: Record<'m>,
    writer_bell: Bell<'m>,
    claims: Claims<'m>,
    /// Which of the lanes this is.
    owner: usize,
    lanes: u64,
    /// The claims are the origins of an ordered region.
    opens_region: bool,
    current: Option<Range>,
    /// The next position of the current range.
    at: u64,
    /// Ranges that are used up, but not yet committed.
    finished: Vec<Range>,
    /// Everything claimed below is used up.
    done: u64,
}

impl<'m> Share<'m> {
    pub(crate) fn new(
        slots: Slots,
        writer: Record<'m>,
        writer_bell: Bell<'m>,
        claims: Claims<'m>,
        (owner, lanes): (usize, usize),
        opens_region: bool,
        tray: Option<Arc<Tray>>,
    ) -> Share<'m> {
        let lanes = lanes as u64;
        Share {
            slots,
            tray,
            writer,
            writer_bell,
            claims,
            owner,
            lanes,
            opens_region,
            current: None,
            at: 0,
            finished: Vec::new(),
            done: 0,
        }
    }

    /// Never more than a fair part of what is open: a range that turns out slow must not hold up the others.
    fn claim(&mut self, tail: u64, want: u64) -> Option<Range> {
        let open = tail.wrapping_sub(self.claims.hint()).cast_signed().max(0).cast_unsigned();
        self.claims.claim(self.owner, tail, want.min(open / (2 * self.lanes)))
    }

    fn run(&self, range: Range, want: u64) -> Ready {
        let run = range.end().wrapping_sub(self.at).min(self.slots.contiguous(self.at)).min(want);
        if self.slots.geometry().depth == 0 {
            return Ready::Run(run as usize);
        }
        match (0..run)
            .take_while(|at| !self.slots.innermost(self.at.wrapping_add(*at)).is_tombstone())
            .count()
        {
            0 => Ready::Tombstone,
            run => Ready::Run(run),
        }
    }
}

impl Intake for Share<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        if let Some(range) = self.current {
            return self.run(range, want);
        }
        let Hot([tail, _, flags]) = self.writer.hot();
        let flags = Flags::unpack(flags);
        let is_marked = flags.epoch > passed;
        let limit = if is_marked { self.writer.value(values::MARK) } else { tail };
        if let Some(range) = self.claim(limit, want) {
            (self.current, self.at) = (Some(range), range.start);
            return self.run(range, want);
        }
        if is_marked {
            Ready::Flush(flags.epoch)
        } else if flags.ended {
            Ready::Ended
        } else {
            Ready::Empty
        }
    }

    unsafe fn spans<'a>(&self, len: usize, into: &mut Vec<Span<'a>>) {
        // SAFETY: the range is published and ours until it is marked as done, which `settle` does.
        let span = unsafe { self.slots.span(self.at, len) };
        // SAFETY: the lane keeps the tray as long as the spans are used.
        into.push(span.with_tray(self.tray.as_ref().map(|tray| unsafe { &*Arc::as_ptr(tray) })));
    }

    fn tags(&self, index: u64) -> Tags {
        let mut tags = Tags::default();
        let position = self.at.wrapping_add(index);
        self.slots.tags(position, &mut tags);
        if self.opens_region {
            tags.push(Tag::entered(position));
        }
        tags
    }

    fn position(&self) -> Option<u64> {
        Some(self.at)
    }

    fn waiting(&self) -> u64 {
        self.writer.value(values::TAIL).wrapping_sub(self.at)
    }

    fn holds_up_writers(&self) -> bool {
        self.writer_bell.sleeps_for(&[Reason::Room, Reason::AnyRoom])
    }

    fn take(&mut self, messages: u64) {
        self.at = self.at.wrapping_add(messages);
        self.done = self.at;
        if let Some(range) = self.current.take_if(|range| range.end() == self.at) {
            self.finished.push(range);
        }
    }

    fn save(&self, values: &mut [u64]) {
        values[values::DONE] = self.done;
    }

    fn settle(&mut self) {
        for range in self.finished.drain(..) {
            self.claims.done(self.owner, range);
        }
    }

    fn wake(&mut self, sleep: &Futex) {
        let half_empty = || {
            let used = self.writer.value(values::TAIL).wrapping_sub(self.claims.hint());
            used <= self.slots.geometry().capacity / 2
        };
        let bell = self.writer_bell;
        if bell.sleeps_for(&[Reason::AnyRoom]) || (bell.sleeps_for(&[Reason::Room]) && half_empty()) {
            bell.ring(sleep);
        }
    }
}
