//! What the stages behind the first one of a row have taken. A replacement goes on from what they had at the last commit.

use super::Lane;
use crate::sync::{Ordering, fence};

impl Lane {
    /// The stage at a place of the lane's row has taken so many messages in this worker. That is told behind the commit that
    /// covers it.
    pub(crate) fn count(&mut self, at: u32, taken: u64) {
        let at = at as usize;
        self.counts.resize(self.counts.len().max(at + 1), 0);
        self.counts[at] = taken;
        if self.uncommitted == 0 {
            self.parts.desk.of_stage(at).set_messages(taken);
        }
    }

    /// The same in the middle of a step that is not one-to-one: what was taken when it began.
    pub(super) fn count_begun(&mut self) {
        if self.parts.intake.is_some() {
            for (at, taken) in self.counts.iter_mut().enumerate() {
                *taken = self.parts.desk.of_stage(at).begun();
            }
        }
    }

    /// A worker begins, of a row of so many stages: each goes on with its count, or with 0, if everything happens again.
    pub(crate) fn go_on(&self, stages: usize, is_again: bool) {
        // what a row counts itself is a part of its checkpoint
        let is_again = is_again || self.saved_state().is_some();
        (0..stages).for_each(|at| self.parts.desk.of_stage(at).go_on(is_again, self.seq));
    }

    /// Before the commit that covers them.
    pub(super) fn note_counts(&self) {
        fence(Ordering::Release); // the commit before it is out, and has made these words the other ones
        for (at, taken) in self.counts.iter().enumerate() {
            self.parts.desk.of_stage(at).set_at_commit(self.seq.wrapping_add(1), *taken);
        }
    }

    pub(super) fn tell_counts(&self) {
        for (at, taken) in self.counts.iter().enumerate() {
            self.parts.desk.of_stage(at).set_messages(*taken);
        }
    }
}
