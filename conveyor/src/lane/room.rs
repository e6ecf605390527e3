//! Room in the outlet: found, filled, waited for.

use super::intake::{Intake, Ready};
use super::{Futex, Lane, Parts};
use crate::ring::bell::{Bell, Reason};
use crate::ring::values;
use crate::ring::writer::Writer;
use crate::sync::Ordering;
use crate::{Failure, Result};
use std::time::{Duration, Instant};

/// What a lane that waits for room has found.
enum Room {
    Found,
    /// There will be none: everything in the ring is of the step at work. So that is published in parts after all.
    Overfull,
}

impl Lane {
    /// `messages` slots from the tail on hold the outputs of whole steps, or of the step at work.
    #[inline]
    pub(crate) fn filled(&mut self, messages: u64) {
        self.writer_mut().advance(messages);
        self.count_up(values::GIVEN, messages);
        self.step.outputs += messages;
        self.step.unpublished += messages;
    }

    /// Slots that can be filled now, in one piece; waits until there is one.
    ///
    /// # Errors
    /// When the run is being stopped.
    #[inline]
    pub(crate) fn make_room(&mut self) -> Result<u64> {
        let writer = self.writer();
        let room = writer.room();
        if room == 0 {
            self.wait_for_room(Reason::Room, |writer| writer.room() > 0, None)?;
        }
        let writer = self.writer();
        Ok(writer.room().min(writer.slots().contiguous(writer.tail())))
    }

    /// The slot at the tail.
    #[inline]
    pub(crate) fn next_slot(&self) -> *mut u8 {
        self.writer().slots().at(self.writer().tail())
    }

    /// Does a reader sleep for lack of what comes next?
    pub(crate) fn reader_sleeps(&self) -> bool {
        self.parts.writer.as_ref().is_some_and(Writer::reader_sleeps)
    }

    /// A timed run of messages.
    pub(crate) fn timed(&mut self, messages: u64, cost: Duration) {
        self.pace.learn(messages, cost);
        self.parts.desk.timed(messages, cost, self.waiting());
    }

    /// What one message of it has cost the stage at this place of the lane's row.
    pub(crate) fn timed_stage(&self, at: u32, cost: Duration) {
        let waiting = if at == 0 { self.waiting() } else { 0 };
        self.parts.desk.of_stage(at as usize).timed(1, cost, waiting);
    }

    fn waiting(&self) -> u64 {
        self.parts.intake.as_deref().map_or(0, Intake::waiting)
    }

    /// Waits until the readers have made enough room. `false` when the deadline has passed.
    ///
    /// # Errors
    /// When the run is being stopped.
    pub(crate) fn wait_for_room(
        &mut self,
        reason: Reason,
        enough: impl Fn(&Writer<'static>) -> bool,
        deadline: Option<Instant>,
    ) -> Result<bool> {
        self.refresh_writer()?;
        if enough(self.writer()) {
            return Ok(true);
        }
        self.parts.desk.set_waits(true);
        self.publish_in_step();
        let started = Instant::now();
        let mut found = self.sleep_for_room(reason, &enough, deadline);
        if let Some(Room::Overfull) = found {
            self.commit();
            found = self.sleep_for_room(reason, &enough, deadline);
        }
        let waited = started.elapsed();
        self.parts.desk.waited_for_room(waited);
        self.parts.desk.set_waits(false);
        self.refresh_writer()?;
        let has_paid = self.writer().has_paid();
        self.temper.waited(waited, || has_paid);
        if self.is_stopped() { Err(Failure::stopped()) } else { Ok(found.is_some()) }
    }

    /// Looks at the readers of the outlet.
    ///
    /// # Errors
    /// When what they say cannot be.
    pub(super) fn refresh_writer(&mut self) -> Result<()> {
        let writer = self.writer_mut();
        writer.refresh();
        if writer.is_damaged() {
            return Err(Failure::damaged_pipe(&self.parts.name, &self.parts.taker_names));
        }
        Ok(())
    }

    /// What stands about a ring of the inlet cannot be.
    #[cold]
    pub(super) fn damaged_inlet(&self, ring: usize) -> Failure {
        Failure::damaged_pipe(&self.parts.giver_names[ring], &self.parts.name)
    }

    fn sleep_for_room(
        &mut self,
        reason: Reason,
        enough: &impl Fn(&Writer<'static>) -> bool,
        deadline: Option<Instant>,
    ) -> Option<Room> {
        let unpublished = self.step.unpublished;
        let Parts { writer: Some(writer), bell, stop, .. } = &mut self.parts else {
            return None;
        };
        bell.wait(reason, &mut self.temper, deadline, &Futex, || {
            writer.refresh();
            if enough(writer) || writer.is_damaged() || stop.load(Ordering::Relaxed) != 0 {
                Some(Room::Found)
            } else {
                (unpublished > 0 && writer.used() == unpublished).then_some(Room::Overfull)
            }
        })
    }

    /// Waits until `end` has input or `head` has room, or the run is being stopped. Nothing of either is uncommitted.
    pub(crate) fn wait_for_either(head: &mut Lane, end: &mut Lane) {
        head.publish();
        end.publish();
        let (want, passed, refused) = (end.pace.want(), end.flags.epoch, head.refused);
        let (head, end) = (&mut head.parts, &mut end.parts);
        let (Some(writer), Some(intake)) = (&mut head.writer, &mut end.intake) else {
            return;
        };
        let bells = [(head.bell, Reason::AnyRoom), (end.bell, Reason::Input)];
        Bell::wait_at_two(bells, end.patience, &Futex, || {
            writer.refresh();
            writer.is_damaged()
                || (writer.room() > 0 && (refused == 0 || writer.window_of(refused).is_some()))
                || intake.poll(want, passed) != Ready::Empty
                || head.stop.load(Ordering::Relaxed) != 0
        });
    }
}
