//! Plain outputs, one after the other into free slots. The lane hears of them when the stretch of slots is used up, and
//! at the end; until then an output costs a store and a comparison.
//!
//! Invariants: the slots of a stretch are free, lie in one piece, and hold a `T`; `told <= next <= end` count from its
//! first slot, and the writer's tail stands at `told`.

use super::Lane;
use crate::element::outlet::{Filled, Outlet, Slot};
use crate::{Message, Result};
use std::mem::MaybeUninit;

pub(crate) struct Stretch<'l, T> {
    lane: &'l mut Lane,
    slots: *mut MaybeUninit<T>,
    next: usize,
    end: usize,
    /// The lane knows of the outputs below.
    told: usize,
    /// The outputs of the step at work start here, or in a stretch before.
    step: usize,
    /// Steps that are over, of which the lane does not know.
    steps: u64,
}

impl Lane {
    /// Can outputs of this type simply be written, one behind the other? Not if each of them needs a look: because it
    /// carries tags, is encoded, or may be dropped.
    #[inline]
    pub(crate) fn takes_stretches<T: Message>(&self) -> bool {
        T::PLAIN.is_some() && !self.is_tagged() && !self.drops_newest()
    }
}

impl<'l, T> Stretch<'l, T> {
    /// Only for a lane that [takes stretches](Lane::takes_stretches) of `T`.
    pub(crate) fn new(lane: &'l mut Lane) -> Stretch<'l, T> {
        Stretch { lane, slots: std::ptr::null_mut(), next: 0, end: 0, told: 0, step: 0, steps: 0 }
    }

    /// A step is over, with all its outputs.
    #[inline(always)]
    pub(crate) fn end_step(&mut self) {
        self.steps += 1;
        self.step = self.next;
    }

    /// The lane learns what has happened: of the steps that are over, then of the one at work.
    fn tell(&mut self) {
        if self.steps > 0 {
            self.tell_outputs(self.step);
            self.lane.forget_step();
            self.lane.take(self.steps);
            self.steps = 0;
        }
        self.tell_outputs(self.next);
    }

    fn tell_outputs(&mut self, until: usize) {
        if until > self.told {
            self.lane.filled((until - self.told) as u64);
            self.told = until;
        }
    }

    /// The next stretch.
    #[cold]
    fn go_on(&mut self) -> Result<()> {
        self.tell();
        if self.lane.is_due() {
            self.lane.publish_in_step();
        }
        self.end = self.lane.make_room()?.min(self.lane.batch) as usize;
        self.slots = self.lane.next_slot().cast();
        (self.next, self.told, self.step) = (0, 0, 0);
        Ok(())
    }

    /// The next slot, which is to be filled at once.
    #[inline(always)]
    fn slot(&mut self) -> Result<&mut MaybeUninit<T>> {
        if self.next == self.end {
            self.go_on()?;
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
        self.next += 1;
        Ok(())
    }

    #[inline(always)]
    fn fill(&mut self, fill: impl for<'s> FnOnce(Slot<'s, T>) -> Result<Filled<'s>>) -> Result<()> {
        fill(Slot::new(self.slot()?))?;
        self.next += 1;
        Ok(())
    }
}

impl<T> Drop for Stretch<'_, T> {
    fn drop(&mut self) {
        self.tell();
    }
}
