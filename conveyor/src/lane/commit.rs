//! Commits: what a lane has done becomes visible, all of it at once, and who waits for it is woken.

use super::{Futex, Lane, OutletPlace, RESUMES};
use crate::memory::shared::SharedPool;
use crate::ring::bell::{self, Reason};
use crate::ring::values;
use crate::ring::writer::Writer;
use crate::sync::Ordering;
use crate::sync::mutant::Mutant;

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

    /// Publishes what is there in the middle of a step, if that is allowed: of a step that may turn out otherwise when
    /// it is done again, nothing must be seen before it is over.
    pub(super) fn publish_in_step(&mut self) {
        if self.may_part() {
            self.publish();
        } else if self.uncommitted > 0 || self.pending_before_step() > 0 {
            self.commit_before_step();
        }
    }

    /// Outputs of whole steps that are not published.
    fn pending_before_step(&self) -> u64 {
        self.parts.writer.as_ref().map_or(0, |writer| writer.pending() - self.step.unpublished)
    }

    /// May a step be published in parts? Only if it gives the same outputs again, or cannot be done again anyway. What a
    /// source without a checkpoint gives is counted one by one: each output is a step.
    fn may_part(&self) -> bool {
        !RESUMES || self.parts.may_part || !self.has_steps()
    }

    /// Is what it gives counted by steps?
    fn has_steps(&self) -> bool {
        self.parts.intake.is_some() || self.keeps_state
    }

    /// Commits all steps but the one at work.
    fn commit_before_step(&mut self) {
        let (now, before) = (self.place(), self.step.before);
        self.set_place(before);
        self.commit_values();
        self.set_place(now);
    }

    fn set_place(&mut self, place: OutletPlace) {
        self.values[values::TAIL] = place.tail;
        self.values[values::ARENA] = place.arena as u64;
        self.values[values::GIVEN] = place.given;
        if let Some(drops) = self.parts.drops {
            self.values[drops.written()] = place.dropped;
        }
    }

    /// Makes everything visible at once: outputs, what was used up, flags; of a step at work, what it has given so far.
    pub(crate) fn commit(&mut self) {
        self.step.published = self.step.outputs;
        self.step.unpublished = 0;
        if let Some(pools) = &self.parts.pools {
            pools.all_counts();
        }
        let place = self.place();
        self.step.before = place;
        self.set_place(place);
        self.commit_values();
    }

    /// With the place of the outlet as it stands in the values.
    fn commit_values(&mut self) {
        let flags = self.flags.pack();
        let marked = self.values[values::FLAGS] != flags;
        self.values[values::FLAGS] = flags;
        if let Some(intake) = &self.parts.intake {
            intake.save(&mut self.values);
        }
        if RESUMES {
            self.note_for_replacement();
        }
        self.uncommitted = 0;
        self.mistake_before_commit(marked);
        self.parts.record.commit(&mut self.seq, &self.values);
        self.tell_counts();
        if let Some(intake) = &mut self.parts.intake {
            intake.settle();
        }
        if let Some(pools) = &self.parts.pools {
            pools.release_dropped();
        }
        if !Mutant::WakeBeforeCommit.is_on() {
            self.wake_neighbours(marked);
        }
    }

    fn wake_neighbours(&mut self, marked: bool) {
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

    /// Of the mutants: what must not come before the commit.
    #[inline(always)]
    fn mistake_before_commit(&mut self, marked: bool) {
        if Mutant::InputFirst.is_on() {
            let values = &mut self.values;
            let tail = std::mem::replace(&mut values[values::TAIL], self.parts.record.value(values::TAIL));
            self.parts.record.commit(&mut self.seq, values);
            values[values::TAIL] = tail;
        }
        if Mutant::DoneBeforeCommit.is_on()
            && let Some(intake) = &mut self.parts.intake
        {
            intake.settle();
        }
        if Mutant::ChunksBeforeCommit.is_on()
            && let Some(pools) = &self.parts.pools
        {
            pools.release_dropped();
        }
        if Mutant::WakeBeforeCommit.is_on() {
            self.wake_neighbours(marked);
        }
    }

    /// Publishes even in the middle of a step: the lane may wait for a chunk that has just been pushed, which comes back
    /// only if somebody gets it.
    #[inline]
    pub(crate) fn part_with_chunks(&mut self) {
        let has_none_left = |(_, pool): &(u32, SharedPool)| !pool.has_free();
        if !self.parts.own_pools.is_empty()
            && !self.gives_one
            && (self.may_part() || self.parts.own_pools.iter().any(has_none_left))
        {
            self.commit();
        }
    }

    /// What nobody but a replacement reads.
    fn note_for_replacement(&mut self) {
        self.note_counts();
        if let Some(writer) = &self.parts.writer {
            writer.save_freed(&mut self.values);
        }
        if self.has_steps() {
            self.values[values::PARTIAL] = self.partial();
        }
        self.note_holdings();
    }

    /// Writes into the ledger what does not fit into the record: the chunks that go with this lane, and its state.
    fn note_holdings(&mut self) {
        let next = self.seq.wrapping_add(1);
        if let Some(pools) = &self.parts.pools {
            let (listed, newest) = pools.holdings();
            self.values[values::HANDLES] = self.parts.ledger.write_handles(next, &listed);
            for (value, (_, pool)) in self.parts.stamps.iter().zip(&self.parts.own_pools) {
                self.values[*value] = newest[pool.number()];
            }
        }
        if let Some(state) = &self.state {
            self.parts.ledger.write_state(next, state);
            self.values[values::STATE] = state.len() as u64 + 1;
        }
    }

    /// Everything before this flush mark has been dealt with.
    pub(crate) fn pass_mark(&mut self, epoch: u64) {
        self.flags.epoch = epoch;
        self.published_before = 0;
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
        self.published_before = 0;
        self.commit();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.flags.ended
    }
}
