//! What the supervisor is told, on its thread: who has died of what, and what the run hears of it. Whether another takes
//! the place the lane's history says: see `patient`.

use super::control::Run;
use super::deadline::Deadlines;
use super::letter::DeadLetters;
use super::patient::Patient;
use super::verdict::{Ending, ending};
use crate::graph::facts::StageFacts;
use crate::supervise::{Look, Verdict, Watch};
use crate::sys::death::Death;
use crate::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

pub(super) struct Watcher {
    run: Arc<Run>,
    /// One for each worker.
    patients: Vec<Patient>,
    deadlines: Deadlines,
    letters: DeadLetters,
    /// The supervisor has said that no worker is left.
    are_gone: bool,
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
        let patients = lanes.iter().map(|lane| Patient::new(&run.plan, *lane, facts, &stdin));
        let deadlines = Deadlines::of(&run.plan, &lanes);
        Watcher { patients: patients.collect(), deadlines, letters, are_gone: false, run }
    }
}

impl Watch for Watcher {
    fn started(&mut self, job: usize, pid: u32) {
        self.run
            .note_worker(self.patients[job].lane(), |worker| (worker.pid, worker.ended) = (Some(pid), None));
        self.deadlines.begin(job);
    }

    fn look(&mut self) -> Look {
        self.deadlines.look(&self.run.map, Instant::now())
    }

    fn ended(&mut self, job: usize, death: Death) -> Verdict {
        let run = self.run.clone();
        let number = self.patients[job].lane();
        run.ring_all(); // before anybody hears that it is gone: nobody counts on its calls any more
        run.note_worker(number, |worker| (worker.pid, worker.ended) = (None, Some(Instant::now())));
        let stopping = run.is_stopping();
        let overdue = self.deadlines.end(job);
        let error = match ending(&run.map, number, &run.plan.lanes[number], death, overdue, stopping) {
            Ending::Well => return Verdict::GoOn,
            Ending::Failed(error) => error,
            Ending::Died(error) if stopping => error,
            Ending::Died(error) => match self.patients[job].replacement(&run, &self.letters, &error) {
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
