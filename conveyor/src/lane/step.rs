//! One step: its input's tags, and what becomes of them with the outputs.

use super::{Lane, OutletPlace, RESUMES, Step};
use crate::Result;
use crate::ring::bell::Reason;
use crate::ring::tags::Tags;
use crate::ring::values;

impl Lane {
    /// Do messages carry tags on the outlet?
    #[inline]
    pub(crate) fn is_tagged(&self) -> bool {
        self.parts.writer.as_ref().is_some_and(|writer| writer.slots().geometry().depth > 0)
    }

    /// The step for the `index`th message of the run begins.
    #[inline]
    pub(crate) fn begin_step(&mut self, index: u64) {
        self.forget_step();
        if self.is_tagged() {
            self.step.tags = self.intake().tags(index);
        }
    }

    /// The step is over, with all its outputs.
    ///
    /// # Errors
    /// When the run is being stopped.
    #[inline]
    pub(crate) fn end_step(&mut self) -> Result<()> {
        if self.step.tags.any_last() {
            self.mark_last()?;
        }
        self.forget_step();
        Ok(())
    }

    /// What was pushed belongs to no input, or its step is over.
    #[inline]
    pub(crate) fn forget_step(&mut self) {
        let before = if RESUMES { self.place() } else { OutletPlace::default() };
        let mut step = Step { before, ..Step::default() };
        if let Some(writer) = &self.parts.writer
            && writer.slots().geometry().depth > 0
        {
            step.tags = Tags::stray(writer.slots().geometry().depth);
        }
        self.step = step;
    }

    /// How far the outlet is.
    #[inline]
    pub(super) fn place(&self) -> OutletPlace {
        let (tail, arena) =
            self.parts.writer.as_ref().map_or((0, 0), |writer| (writer.tail(), writer.arena_tail()));
        let dropped = self.parts.drops.map_or(0, |drops| self.values[drops.written()]);
        OutletPlace { tail, arena, given: self.values[values::GIVEN], dropped }
    }

    fn mark_last(&mut self) -> Result<()> {
        let tags = self.step.tags;
        if self.step.unpublished > 0 {
            let writer = self.writer();
            writer.slots().set_tags(writer.tail().wrapping_sub(1), &tags);
            return Ok(());
        }
        if self.writer().tombstone_room() == 0 {
            self.wait_for_room(Reason::Room, |writer| writer.tombstone_room() > 0, None)?;
        }
        let writer = self.writer_mut();
        writer.slots().set_tags(writer.tail(), &tags.tombstone());
        if writer.slots().geometry().arena > 0 {
            writer.placed(writer.arena_tail(), 0);
        }
        self.filled(1);
        self.count_up(values::GIVEN, 1_u64.wrapping_neg()); // it is no message
        Ok(())
    }
}
