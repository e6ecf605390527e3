//! What the caller sees: outputs, and behind which of them flush marks come out.

use crate::course::Case;
use conveyor::Message;
use conveyor::private::{Root, Stand};
use std::fmt::Debug;

/// Where a flush mark is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// In the open head, before this input. Sources see it, too.
    Input(usize),
    /// For sources alone, when so many outputs have come: long before they have given all of theirs.
    Output(usize),
    /// The same, when they may have ended before they see it.
    Late(usize),
    /// One whenever so many outputs have come, the last of them perhaps late.
    Each(usize),
}

/// What a row that starts with a source gives at a mark: at the first one, second one and so on, if it has given so many
/// messages before, without what it has given at marks.
pub(crate) type Flushed<Out> = fn(usize, usize) -> Vec<Out>;

/// What has come so far.
#[derive(Clone, Debug)]
pub(crate) struct Seen<Out> {
    pub(crate) outputs: Vec<Out>,
    /// What the sources had given when a mark was set for them, for each one.
    asked: Vec<u64>,
    /// Behind how many outputs a mark has come out, for each one.
    drained: Vec<usize>,
}

impl<Out> Default for Seen<Out> {
    fn default() -> Self {
        Seen { outputs: Vec::new(), asked: Vec::new(), drained: Vec::new() }
    }
}

impl<Out: Message> Seen<Out> {
    /// How many marks have come out.
    pub(crate) fn marks(&self) -> u64 {
        self.drained.len() as u64
    }

    /// An output has come, or a mark.
    pub(crate) fn note(&mut self, came: Option<Out>) {
        match came {
            Some(output) => self.outputs.push(output),
            None => self.drained.push(self.outputs.len()),
        }
    }

    /// Sets a mark for the sources, if it is time for that, and none is under way.
    pub(crate) fn ask<In: Message>(&mut self, stand: &Stand<'_, In, Out>, mark: Option<Mark>) {
        let since = self.outputs.len() - self.drained.last().unwrap_or(&0);
        let is_time = match mark {
            None | Some(Mark::Input(_)) => false,
            Some(Mark::Output(behind) | Mark::Late(behind)) => since == behind && stand.marks() == 0,
            Some(Mark::Each(behind)) => since == behind && stand.marks() == self.marks(),
        };
        if is_time {
            // what is scribbled over may be any number
            self.asked.push(stand.roots().iter().fold(0, |sum, root| sum.wrapping_add(root.given)));
            stand.mark();
        }
    }

    /// The outputs without what was given at marks, and where these came out if that is the same in each course: sources
    /// may see them sooner or later, and then they have to come out behind what was given before.
    ///
    /// # Errors
    /// When a mark is missing, has come twice, or at the wrong place.
    pub(crate) fn judge<In: Message>(
        &self,
        case: &Case<In, Out>,
        stand: &Stand<'_, In, Out>,
    ) -> Result<(Vec<Out>, Vec<usize>), String>
    where
        Out: Clone + PartialEq + Debug,
    {
        let (roots, sinks) = (stand.roots(), stand.sinks());
        let passed = roots.iter().map(|root| root.marks).max().unwrap_or(0);
        let has_end = stand.callers_end() < stand.lanes();
        let is_right = match case.mark {
            None => self.marks() == 0,
            // who waits for sinks alone may be told instead that they have ended meanwhile
            _ if !has_end => self.marks() <= passed,
            Some(Mark::Input(_) | Mark::Output(_)) => self.marks() == 1,
            Some(Mark::Late(_) | Mark::Each(_)) => self.marks() == passed,
        };
        if !is_right || sinks.iter().any(|sink| *sink != passed) {
            return Err(format!("{self:?}, marks that sinks have passed: {sinks:?}, {roots:?}"));
        }
        if !has_end {
            return Ok((self.outputs.clone(), Vec::new()));
        }
        if !roots.iter().any(|root| root.is_source) {
            return Ok((self.outputs.clone(), self.drained.clone()));
        }
        let before = |root: &Root| if root.marks == passed { root.before_mark } else { root.given };
        let last = self.drained.last().map_or(0, |at| *at as u64);
        if passed > 0 && roots.iter().map(before).sum::<u64>() != last {
            return Err(format!("{self:?}: not where the last mark stands, {roots:?}"));
        }
        Ok((self.without_flushed(case.flushed)?, Vec::new()))
    }

    /// The outputs without what was given at marks.
    ///
    /// # Errors
    /// When it is not right, or a mark came out before what was given before it was set.
    fn without_flushed(&self, flushed: Flushed<Out>) -> Result<Vec<Out>, String>
    where
        Out: Clone + PartialEq + Debug,
    {
        let mut outputs = self.outputs.clone();
        for (mark, at) in self.drained.iter().enumerate() {
            let removed = self.outputs.len() - outputs.len();
            let given = flushed(mark, 0).len();
            let end = at.saturating_sub(removed);
            let start = end.saturating_sub(given);
            let given: Vec<Out> = outputs.drain(start..end).collect();
            let asked = self.asked.get(mark).map_or(0, |asked| *asked as usize);
            if start + removed < asked || given != flushed(mark, start) {
                return Err(format!("{self:?}: too early, or not what is given at mark {mark}"));
            }
        }
        Ok(outputs)
    }
}
