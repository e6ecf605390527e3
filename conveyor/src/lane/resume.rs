//! A lane that takes over from a dead one: it goes on where the record says, so that nothing is lost and nothing is done
//! twice.
//!
//! The positions of rings, claims and arena are restored with the parts of the lane. What is left to do is here: chunks
//! that went with the dead lane are given back, the outputs of a step that were published before its end are left out
//! when it is done again, and readers are woken. Whom else the dead lane owed a call, the supervisor has rung.

use super::{Futex, Lane};
use crate::ring::bell;
use crate::ring::values;
use crate::sync::mutant::Mutant;

/// What a step of a source is: nothing that it reads tells a replacement in which one the source was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// It gives a message, or the lane is none of a source.
    Message = 0,
    /// What its row gives at a flush mark.
    Flush = 1,
    /// What its row gives at the end.
    Finish = 2,
}

/// In the record, in front of how many outputs are published.
const CALL_SHIFT: u32 = 62;

impl Lane {
    pub(super) fn take_over(&mut self) {
        if !Mutant::PartForgotten.is_on() {
            let partial = self.values[values::PARTIAL];
            self.published_before = partial & ((1 << CALL_SHIFT) - 1);
            self.call = match partial >> CALL_SHIFT {
                _ if Mutant::CallForgotten.is_on() => Call::Message,
                1 => Call::Flush,
                2 => Call::Finish,
                _ => Call::Message,
            };
        }
        self.mistake_about_marks();
        let bytes = self.values[values::STATE];
        self.state = (bytes > 0).then(|| self.parts.ledger.state(self.seq, bytes as usize - 1));
        if let Some(pools) = &self.parts.pools {
            let handles = self.parts.ledger.handles(self.seq, self.values[values::HANDLES]);
            let stamps = self.parts.stamps.iter().zip(&self.parts.own_pools);
            let stamps = stamps.map(|(value, (_, pool))| (pool.number(), self.values[*value]));
            pools.take_over(self.taken(), handles, stamps);
        }
        bell::committed();
        if let Some(writer) = &mut self.parts.writer {
            writer.wake_readers(self.values[values::TAIL], true, &Futex);
        }
        if let Some(intake) = &mut self.parts.intake {
            intake.wake(&Futex);
        }
    }

    /// Of the mutants: what a source must not take for its predecessor's.
    #[inline(always)]
    fn mistake_about_marks(&mut self) {
        if self.parts.intake.is_some() {
            return;
        }
        if Mutant::MarkForgotten.is_on()
            && let Some(epoch) = self.open_mark()
        {
            self.flags.epoch = epoch;
            self.values[values::MARK] = self.values[values::TAIL];
        }
        if Mutant::MarkRepeated.is_on() {
            self.flags.epoch = 0;
        }
    }

    /// Has a dead predecessor published outputs of the step that comes first?
    pub(crate) fn is_step_published(&self) -> bool {
        self.published_before > 0
    }

    /// The next output of the step is out already, and is left out here.
    #[inline]
    pub(super) fn was_published(&mut self) -> bool {
        let was = self.step.outputs < self.published_before;
        if was {
            self.step.outputs += 1;
            self.step.published = self.step.outputs;
        }
        was
    }

    /// The stage's state after the step that has just ended, encoded: it is committed with that step.
    pub(crate) fn save_state(&mut self, state: &[u8]) {
        let saved = self.state.get_or_insert_default();
        saved.clear();
        saved.extend_from_slice(state);
    }

    /// The state that a dead predecessor had committed.
    pub(crate) fn saved_state(&self) -> Option<&[u8]> {
        self.state.as_deref()
    }

    /// Each step of the stage has exactly one output.
    pub(crate) fn gives_one(&mut self, one: bool) {
        self.gives_one = one;
    }

    /// A source whose state is committed with each of its steps, so that they are published whole.
    pub(crate) fn keeps_state(&mut self, keeps: bool) {
        self.keeps_state = keeps;
    }

    /// The first step of a source is over.
    pub(crate) fn source_step_is_over(&mut self) {
        self.published_before = 0;
    }

    /// The next steps of a source are of this kind.
    pub(crate) fn calls(&mut self, call: Call) {
        self.call = call;
    }

    /// In what a dead predecessor was, if a part of it is published.
    pub(crate) fn interrupted(&self) -> Call {
        self.call
    }

    /// For the record: how many outputs of the step at work are published, and what it is.
    pub(super) fn partial(&self) -> u64 {
        match self.step.published.max(self.published_before) {
            0 => 0,
            published => published | (self.call as u64) << CALL_SHIFT,
        }
    }
}
