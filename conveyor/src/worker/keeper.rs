//! When a stage saves its state: between steps, before the commit that makes them visible. So what a record says of
//! messages and what it says of the state belong together. Only an output that finds no room is committed in the middle of
//! its step: with the state from before it, which has been saved by then.

use crate::element::keep::Keep;
use crate::element::tally::Tally;
use crate::lane::{Lane, Phase};
use crate::sync::mutant::Mutant;
use crate::{Failure, Result};

/// What the stages of a row have taken so far is told with the next commit; before a step, for that may commit in its middle.
#[inline(always)]
pub(super) fn tell_counts(row: &impl Tally, lane: &mut Lane) {
    row.counts(&mut |at, taken| lane.count(at, taken));
}

/// State on its way to the lane. Of a stage without a checkpoint nothing is left of this when it is compiled.
#[derive(Default)]
pub(super) struct Keeper {
    bytes: Vec<u8>,
    /// There were steps since the lane got it.
    stale: bool,
}

impl Keeper {
    /// Gives a replacement the state that was committed last.
    ///
    /// # Errors
    /// The user's, or that the state is damaged.
    pub(super) fn restoring<K: Keep>(keep: &mut K, lane: &Lane) -> Result<Keeper> {
        if K::KEEPS
            && let Some(state) = lane.saved_state()
        {
            let mut left = state;
            keep.restore(&mut left)?;
            if !left.is_empty() {
                return Err(Failure::damaged("a checkpoint with something behind it"));
            }
        }
        Ok(Keeper::default())
    }

    /// A step begins.
    #[inline(always)]
    pub(super) fn touch(&mut self) {
        self.stale = true;
    }

    /// The steps so far are over. Hands their state to the lane, for the next commit.
    ///
    /// # Errors
    /// The user's, or that the state is too large.
    #[inline(always)]
    pub(super) fn save<K: Keep>(&mut self, keep: &mut K, lane: &mut Lane) -> Result<()> {
        if K::KEEPS && self.stale {
            self.bytes.clear();
            let desk = lane.desk();
            let is_behind_steps = desk.phase() == Phase::Working;
            if is_behind_steps {
                desk.set_phase(Phase::Saving);
            }
            keep.save(&mut self.bytes)?;
            if is_behind_steps {
                desk.set_phase(Phase::Working);
            }
            lane.save_state(&self.bytes);
            self.stale = false;
        }
        Ok(())
    }

    /// The steps so far are over: commits them, if it is time for it, and what a row has counted with them.
    ///
    /// # Errors
    /// As for [`save`](Self::save).
    #[inline(always)]
    pub(super) fn commit_if_due<K: Keep + Tally>(&mut self, keep: &mut K, lane: &mut Lane) -> Result<()> {
        if lane.is_due() {
            tell_counts(keep, lane);
            if !Mutant::SaveForgotten.is_on() {
                self.save(keep, lane)?;
            }
            lane.commit();
        }
        Ok(())
    }
}
