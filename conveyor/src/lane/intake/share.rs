//! A share of one ring: ranges of it, claimed from the other lanes of a balanced fork.

use super::rings::up_to_tombstone;
use super::{Intake, Ready};
use crate::lane::Futex;
use crate::memory::Tray;
use crate::ring::Span;
use crate::ring::bell::{self, Bell, Reason};
use crate::ring::claim::{Claims, Range};
use crate::ring::patience::pays;
use crate::ring::record::{Hot, Record};
use crate::ring::slots::Slots;
use crate::ring::tags::{Tag, Tags};
use crate::ring::values::{self, Flags};
use crate::ring::width::Width;
use crate::sync::mutant::Mutant;
use std::collections::VecDeque;
use std::sync::Arc;

/// However cheap messages have been, the next ones may not be: and nobody else works on what is claimed.
const RANGE_MAX: u64 = 128;

/// What a share is made of.
pub(crate) struct ShareParts<'m> {
    pub(crate) slots: Slots,
    /// Where messages may hold chunks.
    pub(crate) tray: Option<Arc<Tray>>,
    pub(crate) writer: Record<'m>,
    pub(crate) writer_bell: Bell<'m>,
    pub(crate) claims: Claims<'m>,
    /// How many of the lanes claim.
    pub(crate) width: Width<'m>,
    /// Which of the lanes this is.
    pub(crate) owner: usize,
    /// All of them.
    pub(crate) bells: Vec<Bell<'m>>,
    /// Each lane claims in its turn.
    pub(crate) in_turn: bool,
    /// So many regions open here: positions are origins there.
    pub(crate) opens: usize,
    pub(crate) gate: Option<Gate<'m>>,
}

/// How far the lanes may run ahead of the ordered join behind them.
pub(crate) struct Gate<'m> {
    /// Of the lane behind the join.
    pub(crate) join: Record<'m>,
    /// In messages.
    pub(crate) window: u64,
}

impl Gate<'_> {
    fn end(&self) -> u64 {
        self.join.value(values::DONE).wrapping_add(self.window)
    }
}

pub(crate) struct Share<'m> {
    parts: ShareParts<'m>,
    current: Option<Range>,
    /// The next position of the current range.
    at: u64,
    /// What the current range has below this is too much.
    surplus_end: u64,
    /// Ranges that a dead predecessor has claimed and not used up, oldest first.
    inherited: VecDeque<Range>,
    /// Ranges that are used up, but not yet committed.
    finished: Vec<Range>,
    /// Everything claimed below is used up.
    done: u64,
    /// What a dead predecessor has claimed cannot be.
    damaged: bool,
}

/// What there is to claim.
#[derive(Clone, Copy)]
struct Open {
    /// The end of what may be claimed.
    limit: u64,
    /// The end of what is published.
    tail: u64,
}

impl<'m> Share<'m> {
    /// Goes on where everything claimed below `done` is committed. What a dead predecessor has claimed is still this
    /// lane's: what is committed of it is marked as done, again if need be, and the rest comes first.
    pub(crate) fn new(parts: ShareParts<'m>, done: u64) -> Share<'m> {
        let is_done = |range: &Range| range.end().wrapping_sub(done).cast_signed() <= 0;
        let (open, damaged): (Vec<_>, Vec<_>) =
            parts.claims.open(parts.owner).into_iter().partition(|range| parts.claims.can_be(*range));
        if let Some(last) = open.last()
            && !Mutant::HintForgotten.is_on()
        {
            parts.claims.advance_hint(last.end()); // the predecessor may have died before it did
        }
        let (finished, inherited) = open.into_iter().partition(is_done);
        let inherited = VecDeque::from(inherited);
        let mut share = Share {
            parts,
            current: None,
            at: 0,
            surplus_end: 0,
            inherited,
            finished,
            done,
            damaged: !damaged.is_empty(),
        };
        share.settle();
        share
    }

    /// The oldest range of a dead predecessor, from where it is committed on.
    fn inherit(&mut self, tail: u64) -> Option<Range> {
        let range = self.inherited.pop_front()?;
        let mut committed = self.done.wrapping_sub(range.start).cast_signed().max(0).cast_unsigned();
        if Mutant::RangeRepeated.is_on() {
            committed = 0;
        }
        self.begin(range);
        self.at = range.start.wrapping_add(committed);
        let keep = self.parts.slots.geometry().keep;
        self.mark_surplus(range, keep.map(|keep| tail.wrapping_sub(keep)));
        Some(range)
    }

    fn begin(&mut self, range: Range) {
        (self.current, self.at) = (Some(range), range.start);
    }

    /// Claims from what is published below `limit`. Never more than a fair part of what is open: a range that turns out
    /// slow must not hold up the others. Where only the newest messages count, what is older is claimed at once, to be
    /// dropped, and the others singly.
    fn claim(&mut self, Open { limit, tail }: Open, want: u64) -> Option<Range> {
        let ShareParts { claims, owner, bells, in_turn, .. } = &self.parts;
        let hint = claims.hint();
        let open = |end: u64| end.wrapping_sub(hint).cast_signed().max(0).cast_unsigned();
        let keep = self.parts.slots.geometry().keep;
        if *in_turn {
            let is_mine = |position: u64| position % bells.len() as u64 == *owner as u64;
            let range = claims.claim_if(*owner, limit, 1, is_mine)?;
            self.mark_surplus(range, keep.map(|keep| tail.wrapping_sub(keep)));
            return Some(range);
        }
        let Some(keep) = keep else {
            let lanes = self.parts.width.of(bells.len()) as u64;
            return claims.claim(*owner, limit, want.min(RANGE_MAX).min(open(limit) / (2 * lanes)));
        };
        let kept = tail.wrapping_sub(keep);
        let range = claims.claim(*owner, limit, open(kept))?;
        self.mark_surplus(range, Some(kept));
        Some(range)
    }

    /// What the range has below `kept` is too much.
    fn mark_surplus(&mut self, range: Range, kept: Option<u64>) {
        // another lane may have claimed in between: so what this range has decides, not what was open
        let surplus =
            kept.map_or(0, |kept| kept.wrapping_sub(range.start).cast_signed().max(0).cast_unsigned());
        self.surplus_end = range.start.wrapping_add(surplus.min(range.length));
    }

    /// Lanes that take turns: wakes the one whose turn it is now. Sleeping, it waits for that, and not for the writer.
    fn pass_turn(&self, end: u64, sleep: &Futex) {
        let next = self.parts.bells[end as usize % self.parts.bells.len()];
        bell::committed();
        if next.sleeps_for(&[Reason::Input]) {
            next.ring(sleep);
        }
    }

    /// A lane that is through tells the parked ones, which nobody else wakes when the last message has been claimed.
    fn pass_end(&self, ready: Ready) -> Ready {
        bell::committed();
        for parked in self.parts.bells.iter().filter(|bell| bell.sleeps_for(&[Reason::Parked])) {
            parked.ring(&Futex);
        }
        ready
    }

    fn is_parked(&self) -> bool {
        // who takes turns has no width
        !self.parts.in_turn && self.parts.width.parks(self.parts.owner)
    }

    /// Is there nothing left below `limit` that this lane could claim, now or later?
    fn is_through(&self, limit: u64) -> bool {
        if self.is_parked() {
            return self.parts.claims.is_claimed(limit);
        }
        let (hint, lanes) = (self.parts.claims.hint(), self.parts.bells.len() as u64);
        let to_mine = (self.parts.owner as u64 + lanes - hint % lanes) % lanes;
        let left = limit.wrapping_sub(hint).cast_signed();
        !self.parts.in_turn || left <= to_mine.cast_signed()
    }

    fn unclaimed(&self) -> u64 {
        self.parts.writer.value(values::TAIL).wrapping_sub(self.parts.claims.hint())
    }

    fn is_half_empty(&self) -> bool {
        self.unclaimed() <= self.parts.slots.geometry().capacity / 2
    }

    fn run(&self, range: Range, want: u64) -> Ready {
        let (depth, keep) = (self.parts.slots.geometry().depth, self.parts.slots.geometry().keep);
        let contiguous = self.parts.slots.contiguous(self.at);
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
        let is_over = |at| self.parts.slots.innermost(self.at.wrapping_add(at)).is_tombstone();
        up_to_tombstone(run, is_over, (surplus > 0).then_some(0))
    }
}

impl Intake for Share<'_> {
    fn poll(&mut self, want: u64, passed: u64) -> Ready {
        if let Some(range) = self.current {
            return self.run(range, want);
        }
        let hint = self.parts.claims.hint();
        let Hot([tail, _, flags]) = self.parts.writer.hot();
        // nothing is claimed before it is published
        if self.damaged || tail.wrapping_sub(hint).cast_signed() < 0 || !self.parts.claims.is_near(tail) {
            return Ready::Damaged(0);
        }
        if let Some(range) = self.inherit(tail) {
            return self.run(range, want);
        }
        let flags = Flags::unpack(flags);
        let is_marked = flags.epoch > passed;
        let limit = if is_marked { self.parts.writer.value(values::MARK) } else { tail };
        let open = match self.parts.gate.as_ref().map(Gate::end) {
            Some(end) if limit.wrapping_sub(end).cast_signed() > 0 => end,
            _ => limit,
        };
        if !self.is_parked()
            && let Some(range) = self.claim(Open { limit: open, tail }, want)
        {
            if range.start.wrapping_sub(self.done).cast_signed() < 0 {
                return Ready::Damaged(0); // what this lane has done is claimed anew
            }
            self.begin(range);
            if self.parts.in_turn {
                self.pass_turn(range.end(), &Futex);
            }
            return self.run(range, want);
        }
        if open != limit || !self.is_through(limit) {
            Ready::Empty
        } else if is_marked {
            self.pass_end(Ready::Flush(flags.epoch))
        } else if flags.ended {
            self.pass_end(Ready::Ended)
        } else {
            Ready::Empty
        }
    }

    fn reason(&self) -> Reason {
        if self.is_parked() { Reason::Parked } else { Reason::Input }
    }

    unsafe fn span<'a>(&self, len: usize, _: &'a mut Vec<Span<'static>>) -> Span<'a> {
        // SAFETY: the range is published and ours until it is marked as done, which `settle` does.
        let span = unsafe { self.parts.slots.span(self.at, len) };
        // SAFETY: the lane keeps the tray as long as the spans are used.
        span.with_tray(self.parts.tray.as_ref().map(|tray| unsafe { &*Arc::as_ptr(tray) }))
    }

    fn tags(&self, index: u64) -> Tags {
        let mut tags = Tags::default();
        let position = self.at.wrapping_add(index);
        self.parts.slots.tags(position, &mut tags);
        for _ in 0..self.parts.opens {
            tags.push(Tag::entered(position));
        }
        tags
    }

    fn position(&self) -> Option<u64> {
        Some(self.at)
    }

    fn place(&self) -> (u32, u64) {
        (0, self.at)
    }

    fn has_paid(&self) -> bool {
        let ShareParts { writer_bell, slots, .. } = &self.parts;
        pays(self.unclaimed(), slots.geometry().capacity)
            && !writer_bell.sleeps_for(&[Reason::Room, Reason::AnyRoom])
    }

    fn waiting(&self) -> u64 {
        self.parts.writer.value(values::TAIL).wrapping_sub(self.at)
    }

    /// A share is a worker's: it sleeps when there is nothing to take.
    fn rouse_writers(&mut self, _: &Futex) {}

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
            self.parts.claims.done(self.parts.owner, range);
        }
    }

    fn wake(&mut self, sleep: &Futex) {
        let bell = self.parts.writer_bell;
        if bell.sleeps_for(&[Reason::AnyRoom]) || (bell.sleeps_for(&[Reason::Room]) && self.is_half_empty()) {
            bell.ring(sleep);
        }
    }
}
