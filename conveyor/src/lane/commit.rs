//! Commits: what a lane has done becomes visible, all of it at once, and who waits for it is woken.

use super::{Futex, Lane};
use crate::ring::bell::{self, Reason};
use crate::ring::values;
use crate::ring::writer::Writer;
use crate::sync::Ordering;

impl Lane {
    /// Is it time to publish? When a batch is full, or a reader sleeps.
    #[inline]
    pub(crate) fn is_due(&self) -> bool {
        let pending = self.parts.writer.as_ref().map_or(0, Writer::pending);
        self.uncommitted >= self.batch.min(self.pace.want())
            || pending >= self.batch
            || (pending > 0 && self.reader_sleeps())
    }

    /// Commits, if there is something to commit.
    pub(crate) fn publish(&mut self) {
        if self.uncommitted > 0 || self.parts.writer.as_ref().is_some_and(|writer| writer.pending() > 0) {
            self.commit();
        }
    }

    /// Makes everything visible at once: outputs, what was used up, flags.
    pub(crate) fn commit(&mut self) {
        let flags = self.flags.pack();
        let marked = self.values[values::FLAGS] != flags;
        self.values[values::FLAGS] = flags;
        if let Some(writer) = &self.parts.writer {
            self.values[values::TAIL] = writer.tail();
            self.values[values::ARENA] = writer.arena_tail() as u64;
        }
        if let Some(intake) = &self.parts.intake {
            intake.save(&mut self.values);
        }
        self.values[values::PARTIAL] = self.step.outputs;
        self.step.unpublished = 0;
        self.uncommitted = 0;
        self.parts.record.commit(&mut self.seq, &self.values);
        if let Some(intake) = &mut self.parts.intake {
            intake.settle();
        }
        if let Some(pools) = &self.parts.pools {
            pools.release_dropped();
        }
        bell::committed();
        match &mut self.parts.writer {
            Some(writer) => writer.wake_readers(self.values[values::TAIL], marked, &Futex),
            None if marked && self.parts.audience.sleeps_for(&[Reason::Input]) => {
                self.parts.audience.ring(&Futex);
            }
            None => {}
        }
        if let Some(intake) = &mut self.parts.intake {
            intake.wake(&Futex);
        }
    }

    /// Publishes even in the middle of a step: the lane may wait for a chunk that has just been pushed.
    #[inline]
    pub(crate) fn part_with_chunks(&mut self) {
        if !self.parts.own_pools.is_empty() {
            self.commit();
        }
    }

    /// Everything before this flush mark has been dealt with.
    pub(crate) fn pass_mark(&mut self, epoch: u64) {
        self.flags.epoch = epoch;
        self.values[values::MARK] = self.parts.writer.as_ref().map_or(0, Writer::tail);
        self.commit();
    }

    /// A flush mark that the caller has set and this source has not passed yet.
    pub(crate) fn open_mark(&self) -> Option<u64> {
        let marks = u64::from(self.parts.marks.load(Ordering::Acquire));
        (marks > self.flags.epoch).then_some(marks)
    }

    /// The lane gives nothing more.
    pub(crate) fn end(&mut self) {
        self.parts.desk.lived(self.born.elapsed());
        self.flags.ended = true;
        self.commit();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.flags.ended
    }
}
