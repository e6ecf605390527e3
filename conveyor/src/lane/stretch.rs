//! Plain outputs, one after the other into free slots. The lane hears of them when the stretch of slots is used up, and
//! at the end; until then an output costs a store and a comparison.
//!
//! Invariants: the slots of a stretch are free, lie in one piece, and hold a `T`; `told <= next <= end` count from its
//! first slot, and the writer's tail stands at `told`.
//!
//! What is rare is done by functions that get the counts, not the stretch: its address goes nowhere, so that a loop keeps
//! it in registers.

use super::{Lane, stretch_max};
use crate::element::outlet::{Filled, Outlet, Slot};
use crate::ring::slots::{CACHE_LINE, fetch_ahead};
use crate::{Message, Result};
use std::mem::MaybeUninit;

pub(crate) struct Stretch<'l, T> {
    lane: &'l mut Lane,
    slots: *mut MaybeUninit<T>,
    next: usize,
    end: usize,
    /// So many slots from the first one on are free.
    free: usize,
    step: usize,
    steps: u64,
}

/// A stretch of slots, as the lane finds it.
struct Found {
    first: *mut u8,
    /// So many are to be filled.
    slots: usize,
    /// So many are free, in one piece.
    free: usize,
}

/// What the lane has to learn. Of a stretch it knows nothing before that.
#[derive(Clone, Copy)]
struct News {
    /// Outputs so far.
    outputs: usize,
    /// Those of the step at work start here, or in a stretch before.
    step: usize,
    /// Steps that are over.
    steps: u64,
}

impl Lane {
    /// Can outputs of this type simply be written, one behind the other? Not if each of them needs a look: because it
    /// carries tags, is encoded, or may be dropped.
    #[inline]
    pub(crate) fn takes_stretches<T: Message>(&self) -> bool {
        T::PLAIN.is_some() && !self.is_tagged() && !self.drops_newest()
    }

    /// The lane learns what has happened: of the steps that are over, then of the one at work.
    fn hear(&mut self, News { outputs, step, steps }: News) {
        let mut told = 0;
        if steps > 0 {
            told = step;
            self.hear_outputs(told);
            self.forget_step();
            self.take(steps);
        }
        self.hear_outputs(outputs - told);
    }

    fn hear_outputs(&mut self, outputs: usize) {
        if outputs > 0 {
            self.filled(outputs as u64);
        }
    }

    /// The next stretch, for messages of so many bytes.
    #[cold]
    fn next_stretch(&mut self, news: News, size: usize) -> Result<Found> {
        self.hear(news);
        self.count_begun();
        if self.is_due() {
            self.publish_in_step();
        }
        let free = self.make_room()?;
        let room = free.min(self.batch).min(stretch_max() as u64);
        if size < CACHE_LINE {
            let writer = self.writer();
            let behind = writer.room() - room;
            writer.slots().prefetch_to_write(writer.tail().wrapping_add(room), behind.min(room));
        }
        Ok(Found { first: self.next_slot(), slots: room as usize, free: free as usize })
    }
}

impl<'l, T> Stretch<'l, T> {
    /// Only for a lane that [takes stretches](Lane::takes_stretches) of `T`.
    pub(crate) fn new(lane: &'l mut Lane) -> Stretch<'l, T> {
        Stretch { lane, slots: std::ptr::null_mut(), next: 0, end: 0, free: 0, step: 0, steps: 0 }
    }

    /// A step is over, with all its outputs.
    #[inline(always)]
    pub(crate) fn end_step(&mut self) {
        self.steps += 1;
        self.step = self.next;
    }

    /// What has happened since the last stretch was begun. From now on nothing has.
    #[inline(always)]
    fn news(&mut self) -> News {
        let news = News { outputs: self.next, step: self.step, steps: self.steps };
        (self.next, self.end, self.step, self.steps) = (0, 0, 0, 0);
        news
    }

    /// The next slot, which is to be filled at once.
    #[inline(always)]
    fn slot(&mut self) -> Result<&mut MaybeUninit<T>> {
        if self.next == self.end {
            let news = self.news();
            let found = self.lane.next_stretch(news, size_of::<T>())?;
            (self.slots, self.end, self.free) = (found.first.cast(), found.slots, found.free);
        }
        // SAFETY: below `end` (a stretch is never empty), so the slot is free, ours, and holds a `T`; the layout goes
        // by the type, so it is aligned.
        Ok(unsafe { &mut *self.slots.add(self.next) })
    }
}

impl<T: Message> Outlet<T> for Stretch<'_, T> {
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        self.slot()?.write(message);
        fetch_ahead(self.slots, self.next, self.free);
        self.next += 1;
        Ok(())
    }

    #[inline(always)]
    fn fill(&mut self, fill: impl for<'s> FnOnce(Slot<'s, T>) -> Result<Filled<'s>>) -> Result<()> {
        fill(Slot::new(self.slot()?))?;
        fetch_ahead(self.slots, self.next, self.free);
        self.next += 1;
        Ok(())
    }
}

impl<T> Drop for Stretch<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        let news = self.news();
        self.lane.hear(news);
    }
}
