//! Sets the widths of automatic forks while a run goes on: one more thread, on which nothing depends.

use super::super::local::Run;
use super::berth::{Alarm, Gate};
use crate::graph::plan::Steered;
use crate::sync::{AtomicU64, Ordering};
use crate::value::Rest;
use crate::width::{Counters, Decide, Look, Sleeping, decide};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

pub(super) struct Helm {
    alarm: Arc<Alarm>,
    is_over: Arc<AtomicU64>,
    groups: Arc<[Steered]>,
    gates: Vec<Arc<Gate>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Helm {
    pub(super) fn new(run: &Run) -> Helm {
        let alarm = Alarm::new();
        let groups = run.steering().map_or(Arc::default(), |steering| steering.groups());
        let gate = |group: &Steered| Arc::new(Gate::new(group.workers.len(), alarm.clone()));
        let gates = groups.iter().map(gate).collect();
        Helm { alarm, is_over: Arc::default(), groups, gates, thread: Mutex::default() }
    }

    /// The place of a lane, if it is one that takes the messages of an automatic fork.
    pub(super) fn place(&self, lane: usize) -> Option<(Arc<Gate>, usize)> {
        self.groups.iter().zip(&self.gates).find_map(|(group, gate)| {
            let member = group.workers.iter().position(|worker| worker[0] == lane)?;
            Some((gate.clone(), member))
        })
    }

    pub(super) fn man(&self, run: &Arc<Run>) {
        if self.groups.is_empty() {
            return;
        }
        let watch = Watch {
            run: run.clone(),
            alarm: self.alarm.clone(),
            is_over: self.is_over.clone(),
            groups: self.groups.clone(),
            gates: self.gates.clone(),
            decide: decide(),
        };
        let thread = Builder::new().name("conveyor widths".to_owned()).spawn(move || watch.keep());
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = thread.ok();
    }

    /// Waits for the thread, when the run is over.
    pub(super) fn leave(&self) {
        self.is_over.store(1, Ordering::SeqCst);
        self.alarm.ring();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // no user code runs there, and nothing depends on it
            let _ = thread.join();
        }
    }
}

struct Watch {
    run: Arc<Run>,
    alarm: Arc<Alarm>,
    is_over: Arc<AtomicU64>,
    groups: Arc<[Steered]>,
    gates: Vec<Arc<Gate>>,
    decide: Decide,
}

impl Watch {
    fn keep(mut self) {
        while self.is_over.load(Ordering::SeqCst) == 0 {
            let look = self.look();
            let Some(mut steering) = self.run.steering() else { return };
            let before = steering.widths();
            let next = (self.decide)(&mut steering, &look);
            let after = steering.widths();
            drop(steering);
            for (gate, (before, after)) in self.gates.iter().zip(before.iter().zip(&after)) {
                if before != after {
                    gate.set(*after);
                }
            }
            match next {
                Some(time) => drop(self.alarm.heard.recv_timeout(time)),
                None => self.sleep(&look),
            }
        }
    }

    /// Until a lane is woken, or the run is over.
    fn sleep(&self, last: &Look) {
        self.alarm.arm();
        let lanes = || self.groups.iter().flat_map(|group| &group.workers).flatten();
        let is_at_rest = |lane: &usize| {
            let now = self.counters(*lane);
            now.taken == last.lanes[*lane].taken && (now.ended || now.sleeping.is_some())
        };
        if lanes().all(is_at_rest) {
            // the helm holds the other end
            let _ = self.alarm.heard.recv();
        }
        self.alarm.disarm();
        if let Some(mut steering) = self.run.steering() {
            steering.wake();
        }
    }

    fn look(&self) -> Look {
        let meters = &self.run.meters;
        let waiting = |group: &Steered| {
            let taken: u64 = group.workers.iter().map(|worker| meters[worker[0]][0].taken()).sum();
            let last = meters[group.writer].last().expect("a lane has a stage");
            last.given().saturating_sub(taken)
        };
        Look {
            at: self.run.age(),
            lanes: (0..meters.len()).map(|lane| self.counters(lane)).collect(),
            waiting: self.groups.iter().map(waiting).collect(),
            #[cfg(target_os = "linux")]
            used: crate::sys::clock::processor_time(std::process::id()),
            #[cfg(not(target_os = "linux"))]
            used: None,
        }
    }

    fn counters(&self, lane: usize) -> Counters {
        let meter = &self.run.meters[lane][0]; // where the lane's row begins
        let (desk, rest) = (meter.desk(), meter.rests());
        Counters {
            taken: meter.taken(),
            waited: [desk.wait_input(), desk.wait_room(), desk.parked()],
            sleeping: match rest {
                Rest::ForInput => Some(Sleeping::ForInput),
                Rest::Parked => Some(Sleeping::Parked),
                Rest::Awake | Rest::Ended => None,
            },
            ended: rest == Rest::Ended || self.run.plan.lanes[lane].is_callers(),
        }
    }
}
