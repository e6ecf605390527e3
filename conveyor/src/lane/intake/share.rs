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
    /// So many regions open here: positions are origins there.
    opens: usize,
    current: Option<Range>,
    /// The next position of the current range.
    at: u64,
    /// What the current range has below this is too much.
    surplus_end: u64,
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
        opens: usize,
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
            opens,
            current: None,
            at: 0,
            surplus_end: 0,
            finished: Vec::new(),
            done: 0,
        }
    }

    /// Claims from what is published below `limit`. Never more than a fair part of what is open: a range that turns out
    /// slow must not hold up the others. Where only the newest messages count, what is older is claimed at once, to be
    /// dropped, and the others singly.
    fn claim(&mut self, limit: u64, tail: u64, want: u64) -> Option<Range> {
        let hint = self.claims.hint();
        let open = |end: u64| end.wrapping_sub(hint).cast_signed().max(0).cast_unsigned();
        let Some(keep) = self.slots.geometry().keep else {
            return self.claims.claim(self.owner, limit, want.min(open(limit) / (2 * self.lanes)));
        };
        let kept = tail.wrapping_sub(keep);
        let range = self.claims.claim(self.owner, limit, open(kept))?;
        // another lane may have claimed in between: so what this range has decides, not what was open
        let surplus = kept.wrapping_sub(range.start).cast_signed().max(0).cast_unsigned();
        self.surplus_end = range.start.wrapping_add(surplus.min(range.length));
        Some(range)
    }

    fn run(&self, range: Range, want: u64) -> Ready {
        let (depth, keep) = (self.slots.geometry().depth, self.slots.geometry().keep);
        let contiguous = self.slots.contiguous(self.at);
        let surplus = match keep {
            Some(_) => self.surplus_end.wrapping_sub(self.at).cast_signed().max(0).cast_unsigned(),
            None => 0,
        };
        if depth == 0 && surplus > 0 {
            return Ready::Surplus { messages: surplus.min(contiguous) as usize, ring: 0 };
        }
        let run = range.end().wrapping_sub(self.at).min(contiguous).min(want);
        if depth == 0 {
            return Ready::Run(run as usize);
        }
        match (0..run)
            .take_while(|at| !self.slots.innermost(self.at.wrapping_add(*at)).is_tombstone())
            .count()
        {
            0 => Ready::Tombstone,
            _ if surplus > 0 => Ready::Surplus { messages: 1, ring: 0 },
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
        if let Some(range) = self.claim(limit, tail, want) {
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
        for _ in 0..self.opens {
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

    fn holds_up_writers(&self, _: &Futex) -> bool {
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
