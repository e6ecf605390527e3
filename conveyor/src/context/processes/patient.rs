//! The history of a lane that is a process: of what its workers have died, whether another takes the place, and which
//! message is to blame.

use super::control::Run;
use super::letter::{DeadLetters, Letter};
use crate::graph::facts::StageFacts;
use crate::graph::options::{OnPoison, Restart};
use crate::graph::plan::{Inlet, LanePlan, Plan};
use crate::graph::recovery::{Recovery, recovery};
use crate::graph::table::Kind;
use crate::lane::Phase;
use crate::memory::shared::mark_of;
use crate::ring::values;
use crate::supervise::{Intensity, Loss};
use crate::sync::{AtomicU32, Ordering};
use crate::sys::order::Suspect;
use crate::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// A message that has ended so many workers would end the next one, too.
const TRIES: u32 = 3;

/// A lane that is a process, and its history.
pub(super) struct Patient {
    lane: usize,
    recovery: Recovery,
    claims_stdin: bool,
    facts: Vec<StageFacts>,
    intensity: Intensity,
    /// The messages during which a worker has died and that nobody has passed since: in which ring, and where there.
    suspect: Option<(u32, Range<u64>)>,
    /// How many workers have died at exactly this message.
    deaths: u32,
    /// The message is to be left out.
    skip: bool,
}

impl Patient {
    /// Of a lane to which nothing has happened. `stdin`: does this source read the standard input?
    pub(super) fn new(
        plan: &Plan,
        lane: usize,
        facts: &BTreeMap<u32, StageFacts>,
        stdin: impl Fn(u32) -> bool,
    ) -> Patient {
        let plan = &plan.lanes[lane];
        let claims_stdin = stdin(plan.first().stage);
        Patient {
            lane,
            recovery: recovery(plan, |stage| facts[&stage], claims_stdin),
            claims_stdin,
            facts: plan.stages.iter().map(|stage| facts[&stage.stage]).collect(),
            intensity: Intensity::default(),
            suspect: None,
            deaths: 0,
            skip: false,
        }
    }

    pub(super) fn lane(&self) -> usize {
        self.lane
    }

    /// Whether another worker takes the place of one that has died of this error, and what it is told; else why not.
    pub(super) fn replacement(
        &mut self,
        run: &Run,
        letters: &DeadLetters,
        error: &Error,
    ) -> Result<Option<Suspect>, String> {
        // who was killed by hand is not to blame for what it was at
        let is_killed = error.kind() == ErrorKind::Signal(libc::SIGKILL);
        // who waits for room or a chunk, asleep or not, is not in user code
        let waited = run.map.desk(self.lane).waits();
        let plan = &run.plan.lanes[self.lane];
        if let Recovery::End(why) = &self.recovery
            && (never(plan) || !self.is_untouched(run, plan))
        {
            return Err(format!("the run ends, because {why}"));
        }
        self.ask_for_order(run, plan)?;
        self.ask_for_parts(run, plan)?;
        self.suspect(run, plan, waited);
        if self.deaths >= TRIES && !self.skip {
            let advice = match plan.inlet {
                Some(_) if skips(plan) => None,
                Some(_) => Some("with `[on_poison = skip]` it would be left out"),
                None if skips(plan) => Some(
                    "it cannot be left out, because its processor shares a process with the source: write \
                     `[fuse = none]` at the source",
                ),
                None => Some("a source gives it whenever it is made"),
            };
            if let Some(advice) = advice {
                return Err(format!("this message has ended its worker {TRIES} times: {advice}"));
            }
            self.leave_out(run, plan, letters, error)?;
        }
        let loss = self.loss(run, is_killed || waited);
        self.intensity.died(loss, limit(plan))?;
        run.note_worker(self.lane, |worker| worker.replaced = self.intensity.replaced() as u64);
        let skip = self.skip;
        Ok(self.suspect.as_ref().map(|(ring, range)| Suspect { ring: *ring, end: range.end, skip }))
    }

    /// Nothing was committed, so nothing can be lost. What a source has read meanwhile may be gone all the same.
    fn is_untouched(&self, run: &Run, plan: &LanePlan) -> bool {
        let (commits, _) = run.map.record(self.lane).restore();
        let desk = run.map.desk(self.lane);
        let has_changed = desk.changed_word().load(Ordering::Relaxed) != 0;
        let is_idle = matches!(desk.phase(), Phase::Fresh | Phase::Building);
        commits == 0 && !has_changed && (plan.first().kind != Kind::Source || is_idle && !self.claims_stdin)
    }

    /// A row whose source gives everything again finds what it has given by counting its outputs from the beginning. What
    /// its processors give in `flush` and `finish` is among them, but does not come again, or not at the same place.
    fn ask_for_order(&self, run: &Run, plan: &LanePlan) -> Result<(), String> {
        let is_counted = self.recovery == Recovery::Replay && plan.stages.len() > 1;
        let has_given = run.map.record(self.lane).value(values::GIVEN) > 0;
        // asked for is enough: a part of what `flush` gives may be out before its mark is
        let is_asked = |word: &AtomicU32| word.load(Ordering::Relaxed) != 0;
        if !is_counted || !has_given || !is_asked(run.map.marks()) && !is_asked(run.map.winding_down()) {
            return Ok(());
        }
        let source = plan.first().name;
        Err(format!(
            "the run ends, because after a `drain`, or when an interrupt or `wind_down` ends the stream early, nobody knows \
             which outputs of this process would come again: give the source `{source}` a checkpoint, or write \
             `[fuse = none]` there"
        ))
    }

    /// Of a step of which a part is published only the rest may be published, so it has to give the same outputs again; and
    /// for a chunk that has left with that part there has to be a copy.
    fn ask_for_parts(&self, run: &Run, plan: &LanePlan) -> Result<(), String> {
        let record = run.map.record(self.lane);
        if record.value(values::PARTIAL) == 0 {
            return Ok(());
        }
        let lost = run.map.desk(self.lane).changed_word().load(Ordering::Relaxed);
        let advice = match plan.is_deterministic() {
            true if lost != mark_of(record.value(values::TAKEN)) => return Ok(()),
            true => {
                "with a chunk for whose copy there was no memory: give its outlet a pipe that holds all outputs of one \
                 message, or free memory"
            }
            false => {
                "and nobody knows whether the same comes again: write `[deterministic]` if it always gives the same for \
                 the same message, or give its outlet a pipe that holds all outputs of one message, and its pools as \
                 many chunks as it takes for one"
            }
        };
        Err(format!(
            "the run ends, because a part of what this message gives had been published already, {advice}"
        ))
    }

    /// Everything before this has been committed, in a ring of the inlet; of a source, what it gives. Nothing is known of
    /// a ring that there is not.
    fn committed(&self, run: &Run, plan: &LanePlan, ring: u32) -> Option<u64> {
        let value = match &plan.inlet {
            None if plan.stages.len() > 1 => return Some(0), // what a row gives is not what its source has given
            None => values::GIVEN,
            Some(Inlet::Share(_)) => values::DONE,
            Some(inlet) if (ring as usize) < inlet.rings() => values::head(ring as usize),
            Some(_) => return None,
        };
        Some(run.map.record(self.lane).value(value))
    }

    /// Learns what the worker was at when it died.
    fn suspect(&mut self, run: &Run, plan: &LanePlan, waited: bool) {
        let before = |start: u64, end: u64| end.wrapping_sub(start).cast_signed() > 0;
        if let Some((ring, range)) = &self.suspect
            && self.committed(run, plan, *ring).is_none_or(|committed| !before(committed, range.end))
        {
            (self.suspect, self.deaths, self.skip) = (None, 0, false);
        }
        if waited {
            return; // not by the hand of a message
        }
        if self.skip {
            return; // another message of a merge; the culprit has not come by again
        }
        let desk = run.map.desk(self.lane);
        if desk.phase() == Phase::Saving {
            return; // the messages are through, and it is the state that cannot be saved
        }
        let Some((ring, mut range)) = desk.at_work() else { return };
        let Some(committed) = self.committed(run, plan, ring) else { return };
        if !before(committed, range.end) {
            return; // it had just done with it
        }
        if before(range.start, committed) {
            range.start = committed;
        }
        let is_exact = range.end.wrapping_sub(range.start) == 1;
        let now = Some((ring, range));
        if self.suspect != now {
            (self.suspect, self.deaths) = (now, 0);
        }
        self.deaths += u32::from(is_exact);
    }

    /// The message that has ended its workers goes to the dead letters.
    fn leave_out(
        &mut self,
        run: &Run,
        plan: &LanePlan,
        letters: &DeadLetters,
        error: &Error,
    ) -> Result<(), String> {
        if let (Some((ring, range)), Some(inlet)) = (&self.suspect, &plan.inlet) {
            let letter = Letter::of(run, (inlet, *ring as usize, range.start), self.facts[0].takes, error);
            let path = letters.path();
            letters.add(&letter).map_err(|why| {
                format!(
                    "this message could not be left out: its dead letter cannot be written to {}: {why}",
                    path.display()
                )
            })?;
        }
        self.skip = true;
        // its successors are as good as before
        self.intensity.forgive();
        run.note_worker(self.lane, |worker| worker.left_out += 1);
        Ok(())
    }

    fn loss(&self, run: &Run, is_killed: bool) -> Loss {
        let desk = run.map.desk(self.lane);
        let commits = |lane: usize| run.map.record(lane).restore().0;
        let at_work = match desk.phase() {
            // what comes before the constructors is the user's, too
            Phase::Fresh | Phase::Building | Phase::Saving | Phase::Finishing => true,
            Phase::Working => desk.at_work().is_some(),
            Phase::Through => false,
        };
        let of_run = (0..run.map.lanes()).map(commits).fold(0, u64::wrapping_add);
        Loss { at: run.age(), progress: commits(self.lane), of_run, at_work: at_work && !is_killed }
    }
}

/// Has the user said that this lane's worker is never replaced?
fn never(plan: &LanePlan) -> bool {
    plan.stages.iter().any(|stage| stage.options.restart == Some(Restart::Never))
}

/// May a message be left out?
fn skips(plan: &LanePlan) -> bool {
    plan.stages.iter().any(|stage| stage.options.on_poison == Some(OnPoison::Skip))
}

/// How often the lane's worker may be replaced, if the user has said so.
fn limit(plan: &LanePlan) -> Option<usize> {
    let limits = plan.stages.iter().filter_map(|stage| match stage.options.restart {
        Some(Restart::OnCrash(times)) => Some(times),
        _ => None,
    });
    limits.min()
}

#[cfg(test)]
mod tests;
