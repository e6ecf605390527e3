//! The run as a whole: its supervisor, its first error, its report.

use super::helm::Helm;
use crate::Error;
use crate::context::Control;
use crate::graph::plan::Plan;
use crate::graph::table::Kind;
use crate::lane::{Futex, Phase};
use crate::memory::map::Map;
use crate::message::Kept;
use crate::report::{LaneReport, PipeReport, Report};
use crate::ring::WhenFull;
use crate::ring::stillness;
use crate::ring::values::{self, Flags};
use crate::supervise::Supervisor;
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicBool, Ordering};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Workers that have been asked to stop get so much time before they are killed.
const GRACE: Duration = Duration::from_millis(250);

/// What the caller's ends, the supervisor and the handle have in common.
pub(super) struct Run {
    pub(super) map: Arc<Map>,
    pub(super) plan: Plan,
    started: Instant,
    state: Mutex<State>,
    gone: Condvar,
    stopping: AtomicBool,
    supervisor: Mutex<Option<Supervisor>>,
    /// What the parameters refer to, for the replacements of workers.
    _kept: Kept,
    /// If there are forks whose width may change.
    pub(super) helm: Option<Helm>,
}

#[derive(Default)]
struct State {
    error: Option<Error>,
    /// By lane.
    workers: BTreeMap<usize, Worker>,
    /// When no worker was left.
    gone: Option<Instant>,
}

/// What is known of a lane's processes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worker {
    /// The one that runs.
    pub(super) pid: Option<u32>,
    /// When the last one was gone.
    pub(super) ended: Option<Instant>,
    /// How many were replaced.
    pub(super) replaced: u64,
    /// How many messages they have left out.
    pub(super) left_out: u64,
}

/// A panic elsewhere leaves what is in these locks whole: every change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run {
    pub(super) fn new(map: Arc<Map>, plan: Plan, cores: usize, kept: Kept) -> Run {
        Run {
            helm: Helm::of(&plan, cores),
            map,
            plan,
            started: Instant::now(),
            state: Mutex::default(),
            gone: Condvar::new(),
            stopping: AtomicBool::new(false),
            supervisor: Mutex::new(None),
            _kept: kept,
        }
    }

    pub(super) fn supervised_by(self: &Arc<Run>, supervisor: Supervisor) {
        if let Some(helm) = &self.helm {
            helm.man(self);
        }
        *lock(&self.supervisor) = Some(supervisor);
    }

    /// Changes what is known of a lane's processes.
    pub(super) fn note_worker(&self, lane: usize, change: impl FnOnce(&mut Worker)) {
        change(lock(&self.state).workers.entry(lane).or_default());
    }

    /// The processes that run.
    pub(super) fn pids(&self) -> Vec<u32> {
        lock(&self.state).workers.values().filter_map(|worker| worker.pid).collect()
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// No worker is left, and none will be.
    pub(super) fn all_gone(&self) {
        lock(&self.state).gone.get_or_insert_with(Instant::now);
        self.gone.notify_all();
        self.map.steering().ring(&Futex);
    }

    /// Since the start.
    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// No worker is left, or none will be soon.
    pub(super) fn is_over(&self) -> bool {
        self.is_stopping() || lock(&self.state).gone.is_some()
    }

    /// Notes the first error, and asks everybody to stop.
    pub(super) fn fail(&self, error: Error) {
        lock(&self.state).error.get_or_insert(error);
        self.ask_to_stop();
    }

    /// Everybody looks at the stop word before sleeping and after waking up.
    fn ask_to_stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.map.stop().store(1, Ordering::SeqCst);
        drop(lock(&self.state)); // who has seen that it is not so waits by now
        self.gone.notify_all(); // who waits without a limit waits with one now
        self.ring_all();
    }

    /// Wakes everybody: somebody has died who may have had no time to wake those who wait for what he has done. If he
    /// died asleep, his bell says so no longer.
    pub(super) fn ring_all(&self) {
        if Mutant::NoBellsAfterDeath.is_on() {
            return;
        }
        for bell in (0..self.map.lanes())
            .map(|lane| self.map.bell(lane))
            .chain([self.map.audience(), self.map.steering()])
        {
            bell.ring(&Futex);
        }
    }

    fn kill(&self) {
        if let Some(supervisor) = &*lock(&self.supervisor) {
            supervisor.kill_all();
        }
    }

    /// The flags of all sinks: have they passed the marks, have they ended?
    pub(super) fn sinks(&self) -> impl Iterator<Item = Flags> {
        let sinks = self.plan.lanes.iter().enumerate().filter(|(_, lane)| lane.last().kind == Kind::Sink);
        sinks.map(|(number, _)| Flags::unpack(self.map.record(number).value(values::FLAGS)))
    }

    /// Do all workers sleep? Then only the caller can change that.
    pub(super) fn nothing_moves(&self) -> bool {
        let gone = self.ended_workers();
        let lanes: Vec<_> = self
            .workers()
            .filter(|lane| !gone.contains(lane))
            .map(|lane| (self.map.bell(lane), self.map.record(lane)))
            .collect();
        stillness::nothing_moves(&lanes)
    }

    /// The lanes that have ended, and have told their neighbours so.
    fn ended_workers(&self) -> BTreeSet<usize> {
        let state = lock(&self.state);
        let is_gone = |lane: &usize| state.workers.get(lane).is_some_and(|worker| worker.ended.is_some());
        let has_ended = |lane: &usize| Flags::unpack(self.map.record(*lane).value(values::FLAGS)).ended;
        let is_through = |lane: &usize| self.map.desk(*lane).phase() == Phase::Through;
        self.workers().filter(|lane| has_ended(lane) && (is_through(lane) || is_gone(lane))).collect()
    }

    /// The lanes that are processes.
    fn workers(&self) -> impl Iterator<Item = usize> {
        let lanes = self.plan.lanes.iter().enumerate();
        let workers = lanes.filter(|(_, lane)| !lane.is_callers());
        workers.map(|(number, _)| number)
    }

    /// What was dropped in the ring of a lane, by the lane itself or by the ring's readers.
    fn dropped_behind(&self, writer: usize) -> u64 {
        let Some(ring) = &self.plan.lanes[writer].outlet else { return 0 };
        let count = |lane: usize, which: &dyn Fn(values::Drops) -> usize| {
            let drops = self.map.shape(lane).drops();
            drops.map_or(0, |drops| self.map.record(lane).value(which(drops)))
        };
        if ring.options.when_full == WhenFull::DropNewest {
            return count(writer, &values::Drops::written);
        }
        let readers =
            ring.groups.iter().flat_map(|group| group.members.iter().map(|lane| (*lane, group.part)));
        readers.map(|(lane, part)| count(lane, &|drops| drops.skipped(part))).sum()
    }

    /// Of each of a lane's stages, with its number.
    fn lane_reports(
        &self,
        number: usize,
        worker: Worker,
        elapsed: Duration,
    ) -> impl Iterator<Item = (u32, LaneReport)> {
        let Worker { pid, replaced, left_out, .. } = worker;
        let (lane, desk, record) = (&self.plan.lanes[number], self.map.desk(number), self.map.record(number));
        let taken = move |at: usize| match at {
            0 => record.value(values::TAKEN),
            _ => desk.of_stage(at).messages(),
        };
        let cost = move |at: usize| desk.of_stage(at).cost().as_secs_f64();
        let all: f64 = (0..lane.stages.len()).map(cost).sum();
        lane.stages.iter().enumerate().map(move |(at, stage)| {
            let own = desk.of_stage(at);
            let share = if all > 0.0 { cost(at) / all } else { 1.0 };
            let given = if at + 1 == lane.stages.len() { record.value(values::GIVEN) } else { taken(at + 1) };
            let report = LaneReport {
                processor: stage.name.to_owned(),
                lane: lane.index,
                of: lane.of,
                taken: taken(at),
                given,
                elapsed: desk.life().unwrap_or(elapsed),
                waiting_for_input: desk.wait_input(),
                waiting_for_output: desk.wait_room(),
                parked: desk.parked(),
                step_histogram: own.histogram(),
                mean_queue: own.mean_fill(),
                pid,
                replaced,
                left_out: if at == 0 { left_out } else { 0 },
            };
            (stage.stage, report.with_share(share))
        })
    }
}

impl Control for Run {
    fn stop(&self) {
        self.ask_to_stop();
    }

    /// Who sleeps is woken by what still comes out; who does not, looks before it goes on.
    fn wind_down(&self) {
        self.map.winding_down().store(1, Ordering::SeqCst);
    }

    fn join(&self) -> Result<(), Error> {
        let mut state = lock(&self.state);
        let mut killed = false;
        while state.gone.is_none() {
            if self.is_stopping() && !killed {
                let waited = self.gone.wait_timeout(state, GRACE).unwrap_or_else(PoisonError::into_inner);
                state = waited.0;
                if waited.1.timed_out() {
                    drop(state);
                    self.kill();
                    killed = true;
                    state = lock(&self.state);
                }
            } else {
                state = self.gone.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
        let outcome = state.error.clone().map_or(Ok(()), Err);
        drop(state);
        // its thread holds on to the run: it must not be the last, for then it would wait for itself
        let supervisor = lock(&self.supervisor).take();
        drop(supervisor);
        if let Some(helm) = &self.helm {
            helm.leave();
        }
        outcome
    }

    fn error(&self) -> Option<Error> {
        lock(&self.state).error.clone()
    }

    fn report(&self) -> Report {
        let state = lock(&self.state);
        let until = state.gone.unwrap_or_else(Instant::now);
        let lanes = self.workers().flat_map(|lane| {
            let worker = state.workers.get(&lane).copied().unwrap_or_default();
            let until = worker.ended.unwrap_or(until);
            self.lane_reports(lane, worker, until - self.started)
        });
        let lanes = Report::in_order(lanes.collect());
        let pipes = self.plan.dropping_pipes().into_iter().map(|(name, writers)| PipeReport {
            name: name.to_owned(),
            dropped: writers.iter().map(|writer| self.dropped_behind(*writer)).sum(),
        });
        let elapsed = until - self.started;
        let widths = self.helm.as_ref().map_or(Vec::new(), |helm| helm.reports(elapsed));
        Report { lanes, pipes: pipes.collect(), widths, elapsed, interrupted: None }
    }
}
