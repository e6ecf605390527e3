//! What the supervisor is told, on its thread: who has died of what, whether another takes the place, and what the run
//! hears of it.

use super::control::Run;
use super::deadline::Deadlines;
use super::letter::{DeadLetters, Letter};
use super::verdict::{Ending, ending};
use crate::graph::facts::StageFacts;
use crate::graph::options::{OnPoison, Restart};
use crate::graph::plan::{Inlet, LanePlan};
use crate::graph::recovery::{Recovery, recovery};
use crate::graph::table::Kind;
use crate::lane::Phase;
use crate::ring::bell::Reason;
use crate::ring::values;
use crate::supervise::{Intensity, Look, Loss, Verdict, Watch};
use crate::sync::{AtomicU32, Ordering};
use crate::sys::death::Death;
use crate::sys::order::Suspect;
use crate::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

/// A message that has ended so many workers would end the next one, too.
const TRIES: u32 = 3;

pub(super) struct Watcher {
    run: Arc<Run>,
    /// One for each worker.
    patients: Vec<Patient>,
    deadlines: Deadlines,
    letters: DeadLetters,
    /// The supervisor has said that no worker is left.
    are_gone: bool,
}

/// A lane that is a process, and its history.
struct Patient {
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

impl Watcher {
    /// `lanes`: that of each worker.
    pub(super) fn new(
        run: Arc<Run>,
        lanes: Vec<usize>,
        facts: &BTreeMap<u32, StageFacts>,
        stdin: impl Fn(u32) -> bool,
        letters: DeadLetters,
    ) -> Watcher {
        let patients = lanes.iter().map(|lane| {
            let plan = &run.plan.lanes[*lane];
            let claims_stdin = stdin(plan.first().stage);
            Patient {
                lane: *lane,
                recovery: recovery(plan, |stage| facts[&stage], claims_stdin),
                claims_stdin,
                facts: plan.stages.iter().map(|stage| facts[&stage.stage]).collect(),
                intensity: Intensity::default(),
                suspect: None,
                deaths: 0,
                skip: false,
            }
        });
        let deadlines = Deadlines::of(&run.plan, &lanes);
        Watcher { patients: patients.collect(), deadlines, letters, are_gone: false, run }
    }

    /// Whether another worker takes the place of one that has died, and what it is told; else why not.
    /// `waited`: it was asleep, because it had no room or no chunk.
    fn replace(&mut self, job: usize, error: &Error, waited: bool) -> Result<Option<Suspect>, String> {
        // who was killed by hand is not to blame for what it was at
        let is_killed = error.kind() == ErrorKind::Signal(libc::SIGKILL);
        let (run, patient) = (&*self.run, &mut self.patients[job]);
        let plan = &run.plan.lanes[patient.lane];
        if let Recovery::End(why) = &patient.recovery
            && (never(plan) || !patient.is_untouched(run, plan))
        {
            return Err(format!("the run ends, because {why}"));
        }
        patient.ask_for_order(run, plan)?;
        patient.ask_for_parts(run, plan)?;
        patient.suspect(run, plan, waited);
        if patient.deaths >= TRIES && !patient.skip {
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
            patient.leave_out(run, plan, &self.letters, error)?;
        }
        let loss = patient.loss(run, is_killed || waited);
        patient.intensity.died(loss, limit(plan))?;
        run.note_worker(patient.lane, |worker| worker.replaced = patient.intensity.replaced() as u64);
        let skip = patient.skip;
        Ok(patient.suspect.as_ref().map(|(ring, range)| Suspect { ring: *ring, end: range.end, skip }))
    }
}

impl Patient {
    /// Nothing was committed, so nothing can be lost. What a source has read meanwhile may be gone all the same.
    fn is_untouched(&self, run: &Run, plan: &LanePlan) -> bool {
        let (commits, _) = run.map.record(self.lane).restore();
        let is_idle = matches!(run.map.desk(self.lane).phase(), Phase::Fresh | Phase::Building);
        commits == 0 && (plan.first().kind != Kind::Source || is_idle && !self.claims_stdin)
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
            "the run ends, because after a `drain`, or when an interrupt ends the stream early, nobody knows which outputs \
             of this process would come again: give the source `{source}` a checkpoint, or write `[fuse = none]` there"
        ))
    }

    /// Of a step of which a part is published only the rest may be published, so it has to give the same outputs again;
    /// and a chunk that has come with its message may have gone with that part.
    fn ask_for_parts(&self, run: &Run, plan: &LanePlan) -> Result<(), String> {
        let is_same_again = plan.stages.iter().all(|stage| stage.options.deterministic);
        let record = run.map.record(self.lane);
        let changed = run.map.desk(self.lane).changed_word().load(Ordering::Relaxed);
        if changed == record.restore().0.wrapping_add(1) && !is_same_again {
            let why = "the run ends, because a chunk that came with this message was being changed in place: change a copy \
                       of it, or write `[deterministic]` if the same comes of changing it once more";
            return Err(why.to_owned());
        }
        let is_parted = record.value(values::PARTIAL) > 0;
        if !is_parted || is_same_again && !self.facts[0].takes.holds_chunks {
            return Ok(());
        }
        let advice = match is_same_again {
            true => "give its outlet a pipe that holds all outputs of one message, or its pool more chunks",
            false => {
                "write `[deterministic]` if it always gives the same for the same message, or give its outlet a pipe that \
                 holds all outputs of one message"
            }
        };
        Err(format!(
            "the run ends, because a part of what this message gives had been published already: {advice}"
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

impl Watch for Watcher {
    fn started(&mut self, job: usize, pid: u32) {
        self.run
            .note_worker(self.patients[job].lane, |worker| (worker.pid, worker.ended) = (Some(pid), None));
        self.deadlines.begin(job);
    }

    fn look(&mut self) -> Look {
        self.deadlines.look(&self.run.map, Instant::now())
    }

    fn ended(&mut self, job: usize, death: Death) -> Verdict {
        let run = self.run.clone();
        let number = self.patients[job].lane;
        let waited = run.map.bell(number).sleeps_for(&[Reason::Room, Reason::AnyRoom, Reason::Chunk]);
        run.note_worker(number, |worker| (worker.pid, worker.ended) = (None, Some(Instant::now())));
        run.ring_all();
        let stopping = run.is_stopping();
        let overdue = self.deadlines.end(job);
        let error = match ending(&run.map, number, &run.plan.lanes[number], death, overdue, stopping) {
            Ending::Well => return Verdict::GoOn,
            Ending::Failed(error) => error,
            Ending::Died(error) if stopping => error,
            Ending::Died(error) => match self.replace(job, &error, waited) {
                Ok(suspect) => {
                    run.map.desk(number).clear();
                    run.map.panics(number).clear();
                    run.map.last_words(number).clear();
                    return Verdict::Replace(suspect);
                }
                Err(why) => error.and(why),
            },
        };
        run.fail(error);
        Verdict::EndRun
    }

    fn lost(&mut self, _: usize, error: Error) {
        self.run.fail(error);
    }

    fn all_gone(&mut self) {
        self.are_gone = true;
        self.run.all_gone();
    }
}

/// However the supervisor's thread ends: nobody waits for it in vain, neither at the end nor for messages.
impl Drop for Watcher {
    fn drop(&mut self) {
        if !self.are_gone {
            let why = "the thread that watches the workers has panicked, so they were ended; stderr says why";
            self.run.fail(Error::new(ErrorKind::Panicked, why));
            self.all_gone();
        }
    }
}
