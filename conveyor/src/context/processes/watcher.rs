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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::processes::{LaidOut, lay_out, orders};
    use crate::context::{Control, processes::Run};
    use crate::graph::options::Fuse;
    use crate::graph::plan::{Fusing, Limits};
    use crate::ring::bell::Reason;
    use crate::supervise::Supervisor;
    use crate::sync::Ordering;
    use crate::sys::order::Order;
    use crate::sys::segment::Segment;
    use crate::{Backend, Pipeline, pipeline};
    use std::path::Path;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    /// What takes longer hangs.
    const DEADLINE: Duration = Duration::from_secs(60);

    /// Panics when somebody has died.
    struct Clumsy(Watcher);

    impl Watch for Clumsy {
        fn started(&mut self, job: usize, pid: u32) {
            self.0.started(job, pid);
        }
        fn look(&mut self) -> Look {
            self.0.look()
        }
        fn lost(&mut self, job: usize, error: Error) {
            self.0.lost(job, error);
        }
        fn ended(&mut self, _: usize, _: Death) -> Verdict {
            panic!("on purpose")
        }
        fn all_gone(&mut self) {
            self.0.all_gone();
        }
    }

    /// A run of two processors, of whose workers nobody has heard, and who watches them.
    fn watched(row: &Pipeline<u64, u64>) -> (Arc<Run>, Watcher, Vec<Order>, Arc<Segment>) {
        let declared = row.declared().expect("it is right");
        let limits = Limits { workers: 2, cores: 1, fusing: Fusing::Asked(Fuse::None) };
        let LaidOut { segment, map, plan, facts, .. } =
            lay_out(declared, declared.settings.clone(), limits, Backend::default().into()).expect("memory");
        let (lanes, orders) = orders(declared, &plan);
        let run = Arc::new(Run::new(map, plan, 1, declared.params.kept().clone()));
        let watcher = Watcher::new(run.clone(), lanes, &facts.stages, |_| false, DeadLetters::to(None));
        (run, watcher, orders, segment)
    }

    #[test]
    fn after_a_death_everybody_looks_who_waits() {
        let row = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(|x| x) };
        let (run, mut watcher, ..) = watched(&row);
        let lanes = (0..run.map.lanes()).map(|lane| run.map.bell(lane));
        let bells: Vec<_> = lanes.chain([run.map.audience(), run.map.steering()]).collect();
        bells.iter().for_each(|bell| bell.0.store(Reason::Input as u32, Ordering::Relaxed));
        let verdict = watcher.ended(0, Death::Signal { number: libc::SIGSEGV, core_dumped: false });
        assert!(matches!(verdict, Verdict::Replace(_)), "it had done nothing yet");
        assert!(bells.iter().all(|bell| bell.0.load(Ordering::Relaxed) == 0));
    }

    #[test]
    fn a_supervisor_that_panics_ends_the_run_and_leaves_nobody() {
        let row = pipeline! {
            <u64 -> u64>;
            processor dies = { std::process::abort(); #[allow(unreachable_code)] |x: u64| x };
            dies -> pipe -> processor(|x| x)
        };
        let (run, watcher, orders, segment) = watched(&row);
        let supervisor = Supervisor::start(orders, segment, Box::new(Clumsy(watcher))).expect("it starts");
        let pids = run.pids();
        run.supervised_by(supervisor);
        let (joined, outcome) = channel();
        std::thread::spawn(move || joined.send(run.join()));
        let outcome = outcome.recv_timeout(DEADLINE).expect("it does not hang");
        let error = outcome.expect_err("nobody watches the workers any more");
        assert_eq!(error.kind(), ErrorKind::Panicked, "{error}");
        assert!(error.to_string().contains("the thread that watches the workers has panicked"), "{error}");
        assert!(pids.iter().all(|pid| !Path::new(&format!("/proc/{pid}")).exists()), "{pids:?}");
    }
}
