//! Sets the widths of automatic forks while a run goes on: a thread that looks at the lanes now and then.
//!
//! It only makes a run more economical. So nothing waits for it, and a run goes on as wide as it is without it.

use super::control::Run;
use crate::graph::plan::{Plan, Steered};
use crate::lane::Futex;
use crate::report::WidthReport;
use crate::ring::bell::{self, Reason};
use crate::ring::patience::{Patience, Temper};
use crate::ring::values::{self, Flags};
use crate::sys::{clock, signals};
use crate::width::{Counters, Decide, Look, Sleeping, Steering, decide};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

const NO_PATIENCE: Patience = Patience { pauses: 0, yields: 0, may_nap: false };

pub(super) struct Helm {
    steering: Mutex<Steering>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Helm {
    /// `None` if there is nothing to steer.
    pub(super) fn of(plan: &Plan, cores: usize) -> Option<Helm> {
        let steering = Mutex::new(Steering::of(plan, cores)?);
        Some(Helm { steering, thread: Mutex::default() })
    }

    /// Starts the thread.
    pub(super) fn man(&self, run: &Arc<Run>) {
        let groups = self.steering().groups();
        let watch = Watch { run: run.clone(), groups, meter: Meter::of(&run.pids()), decide: decide() };
        let thread = Builder::new().name("conveyor widths".to_owned()).spawn(move || {
            signals::hold_back();
            watch.keep();
        });
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = thread.ok();
    }

    /// Waits for the thread, when the run is over.
    pub(super) fn leave(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // no user code runs there, and nothing depends on it
            let _ = thread.join();
        }
    }

    pub(super) fn reports(&self, until: Duration) -> Vec<WidthReport> {
        self.steering().reports(until)
    }

    /// A panic while it is held leaves widths that are as good as any.
    fn steering(&self) -> MutexGuard<'_, Steering> {
        self.steering.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the thread does.
struct Watch {
    run: Arc<Run>,
    groups: Arc<[Steered]>,
    meter: Meter,
    decide: Decide,
}

impl Watch {
    fn keep(mut self) {
        let run = self.run.clone();
        let Some(helm) = &run.helm else { return };
        while !run.is_over() {
            let look = self.look();
            let (before, after, next) = {
                let mut steering = helm.steering();
                let before = steering.widths();
                let next = (self.decide)(&mut steering, &look);
                (before, steering.widths(), next)
            };
            self.set(&before, &after);
            match next {
                Some(time) => self.pause(time),
                None => {
                    self.sleep(&look);
                    helm.steering().wake();
                }
            }
        }
    }

    fn look(&mut self) -> Look {
        let (run, at) = (&self.run, self.run.age());
        let waiting = |group: &Steered| {
            let (claims, _) = run.map.claims(group.writer, group.group);
            let waiting = run.map.record(group.writer).value(values::TAIL).wrapping_sub(claims.hint());
            waiting.cast_signed().max(0).cast_unsigned()
        };
        Look {
            at,
            lanes: (0..run.plan.lanes.len()).map(|lane| self.counters(lane)).collect(),
            waiting: self.groups.iter().map(waiting).collect(),
            used: self.meter.read(&run.pids()),
        }
    }

    fn counters(&self, lane: usize) -> Counters {
        let map = &self.run.map;
        let (record, desk, bell) = (map.record(lane), map.desk(lane), map.bell(lane));
        let sleeping = [
            (&[Reason::Input][..], Sleeping::ForInput),
            (&[Reason::Room, Reason::AnyRoom, Reason::Chunk], Sleeping::ForRoom),
            (&[Reason::Parked], Sleeping::Parked),
        ];
        Counters {
            taken: record.value(values::TAKEN),
            waited: [desk.wait_input(), desk.wait_room(), desk.parked()],
            sleeping: sleeping.into_iter().find(|(reasons, _)| bell.sleeps_for(reasons)).map(|(_, why)| why),
            ended: self.run.plan.lanes[lane].is_callers() || Flags::unpack(record.value(values::FLAGS)).ended,
        }
    }

    /// Lanes that are concerned by a change look at the width before they sleep on.
    fn set(&self, before: &[usize], after: &[usize]) {
        let map = &self.run.map;
        for (group, (before, after)) in self.groups.iter().zip(before.iter().zip(after)) {
            if before == after {
                continue;
            }
            map.claims(group.writer, group.group).1.set(*after);
            bell::committed();
            for worker in &group.workers[*before.min(after)..*before.max(after)] {
                let bell = map.bell(worker[0]);
                if bell.sleeps_for(&[Reason::Input, Reason::Parked]) {
                    bell.ring(&Futex);
                }
            }
        }
    }

    /// Nobody ends this but the end of the run.
    fn pause(&self, time: Duration) {
        let (bell, until) = (self.run.map.steering(), Some(Instant::now() + time));
        bell.wait(Reason::Parked, &mut Temper::new(NO_PATIENCE), until, &Futex, || {
            self.run.is_over().then_some(())
        });
    }

    /// Until a lane is woken.
    fn sleep(&self, last: &Look) {
        let bell = self.run.map.steering();
        let lanes = || self.groups.iter().flat_map(|group| &group.workers).flatten();
        let is_at_rest = |lane: &usize| {
            let now = self.counters(*lane);
            let waits = matches!(now.sleeping, Some(Sleeping::ForInput | Sleeping::Parked));
            now.taken == last.lanes[*lane].taken && (now.ended || waits)
        };
        bell.wait(Reason::Input, &mut Temper::new(NO_PATIENCE), None, &Futex, || {
            (self.run.is_over() || !lanes().all(is_at_rest)).then_some(())
        });
    }
}

/// The processor time that the caller and its workers use.
struct Meter {
    /// What each process had used at the last look.
    known: BTreeMap<u32, Duration>,
    /// Since the first look.
    used: Duration,
}

impl Meter {
    fn of(workers: &[u32]) -> Meter {
        let processes = workers.iter().copied().chain([std::process::id()]);
        let known = processes.map(|process| (process, clock::processor_time(process).unwrap_or_default()));
        Meter { known: known.collect(), used: Duration::ZERO }
    }

    /// `None` if the system does not tell.
    fn read(&mut self, workers: &[u32]) -> Option<Duration> {
        let mut is_told = false;
        self.known.retain(|process, _| workers.contains(process) || *process == std::process::id());
        for process in workers.iter().copied().chain([std::process::id()]) {
            // who has ended uses nothing more, and who has taken his place began with nothing
            if let Some(now) = clock::processor_time(process) {
                let before = self.known.insert(process, now).unwrap_or_default();
                self.used += now.saturating_sub(before);
                is_told = true;
            }
        }
        is_told.then_some(self.used)
    }
}
