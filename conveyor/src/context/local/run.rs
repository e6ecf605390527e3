//! What is known of a run: its first error, and what every lane has done.

use super::panic::Panicked;
use crate::error::{Blame, Place};
use crate::graph::plan::{LanePlan, Plan, StagePlan};
use crate::report::{LaneReport, PipeReport, Report};
use crate::sync::{AtomicU64, Ordering};
use crate::value::{Dropped, Halt, Meter, Stillness, divide_work};
use crate::width::Steering;
use crate::{Error, ErrorKind, Failure};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) struct Run {
    pub(crate) plan: Plan,
    pub(crate) halt: Halt,
    /// How many flush marks the caller has asked for.
    pub(crate) marks: Arc<AtomicU64>,
    /// By lane, of each of its stages.
    pub(crate) meters: Vec<Vec<Arc<Meter>>>,
    /// What was dropped in the pipe behind each lane.
    pub(crate) dropped: Vec<Dropped>,
    /// All lanes have one thread, and wait while another one has it.
    one_thread: bool,
    started: Instant,
    state: Mutex<State>,
    /// If there are forks whose width may change.
    steering: Option<Mutex<Steering>>,
}

#[derive(Default)]
struct State {
    error: Option<Error>,
    /// How long the run has taken, once it is over.
    elapsed: Option<Duration>,
}

impl Run {
    pub(crate) fn new(plan: Plan, cores: usize, one_thread: bool) -> Run {
        let meters =
            plan.lanes.iter().map(|lane| lane.stages.iter().map(|_| Meter::new()).collect()).collect();
        let dropped = plan.lanes.iter().map(|_| Dropped::default()).collect();
        let halt = Halt::new(Stillness::new(plan.lanes.iter().map(|lane| !lane.is_callers())));
        let (marks, started) = (Arc::default(), Instant::now());
        let steering = if one_thread { None } else { Steering::of(&plan, cores).map(Mutex::new) };
        let state = Mutex::default();
        Run { plan, halt, marks, meters, dropped, one_thread, started, state, steering }
    }

    /// The halt as a lane has it.
    pub(crate) fn halt_of(&self, lane: usize) -> Halt {
        match self.plan.lanes[lane].is_callers() {
            true => self.halt.clone(),
            false => self.halt.of_lane(lane),
        }
    }

    /// Since the start.
    pub(crate) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// A panic while it is held leaves widths that are as good as any.
    pub(crate) fn steering(&self) -> Option<MutexGuard<'_, Steering>> {
        self.steering.as_ref().map(|steering| steering.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A panic elsewhere leaves the state whole: every change is one assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the first error, and stops everybody. What goes wrong because of that is no error.
    pub(crate) fn fail(&self, error: Error) {
        let mut state = self.state();
        if !self.halt.is_called() {
            state.error = Some(error);
        }
        self.halt.call();
    }

    pub(crate) fn stop(&self) {
        let _state = self.state();
        self.halt.call();
    }

    pub(crate) fn error(&self) -> Option<Error> {
        self.state().error.clone()
    }

    /// Nobody works any more.
    pub(crate) fn over(&self) {
        self.state().elapsed.get_or_insert_with(|| self.started.elapsed());
    }

    /// A lane's error, at the stage that it stems from.
    pub(crate) fn blame(&self, lane: usize, error: Error, place: Option<Place>, at: Option<u64>) -> Error {
        // the first stage of a row knows the message's number on its inlet, not only how many it has taken
        let (in_row, position) = match place {
            Some(Place { at: in_row @ 1.., position }) => (in_row as usize, position),
            place => (0, at.or(place.and_then(|place| place.position))),
        };
        let lane = &self.plan.lanes[lane];
        let stage = lane.stages.get(in_row).unwrap_or(lane.first());
        error.in_processor(stage.name).in_lane(lane.index as u32, lane.of as u32).at_position(position)
    }

    /// The lane has had its thread for so long.
    pub(crate) fn add_work(&self, lane: usize, time: Duration) {
        divide_work(self.meters[lane].iter().map(|meter| &**meter), time);
    }

    pub(crate) fn report(&self) -> Report {
        let elapsed = self.state().elapsed.unwrap_or_else(|| self.started.elapsed());
        let lanes = self.plan.lanes.iter().zip(&self.meters);
        let lanes = lanes.filter(|(lane, _)| !lane.is_callers());
        let lanes = lanes.flat_map(|(lane, meters)| {
            let stages = lane.stages.iter().zip(meters);
            stages.map(move |(stage, meter)| {
                (stage.stage, self.lane_report(stage, lane, (meter, meters), elapsed))
            })
        });
        let lanes = Report::in_order(lanes.collect());
        let pipes = self.plan.dropping_pipes().into_iter().map(|(name, writers)| {
            let dropped = writers.iter().map(|lane| self.dropped[*lane].load(Ordering::Relaxed));
            PipeReport { name: name.to_owned(), dropped: dropped.sum() }
        });
        let widths = self.steering().map_or(Vec::new(), |steering| steering.reports(elapsed));
        Report { lanes, pipes: pipes.collect(), widths, elapsed, interrupted: None }
    }

    fn lane_report(
        &self,
        stage: &StagePlan,
        lane: &LanePlan,
        (own, row): (&Meter, &[Arc<Meter>]),
        run: Duration,
    ) -> LaneReport {
        // a row waits where it begins
        let (desk, worked): (_, Duration) = (row[0].desk(), row.iter().map(|meter| meter.worked()).sum());
        let (elapsed, waiting_for_input, share) = match self.one_thread {
            true => (run, run.saturating_sub(own.worked()), 1.0),
            false if worked.is_zero() => (run, desk.wait_input(), 1.0), // still at work
            false => (worked, desk.wait_input(), own.worked().as_secs_f64() / worked.as_secs_f64()),
        };
        LaneReport {
            processor: stage.name.to_owned(),
            lane: lane.index,
            of: lane.of,
            taken: own.taken(),
            given: own.given(),
            elapsed,
            waiting_for_input,
            waiting_for_output: desk.wait_room(),
            parked: desk.parked(),
            step_histogram: own.desk().histogram(),
            mean_queue: own.desk().mean_fill(),
            pid: None,
            replaced: 0,
            left_out: 0,
        }
        .with_share(share)
    }
}

/// The error of a stage that has failed; `None` if it was only stopped.
pub(crate) fn failed(failure: &Failure, constructing: bool) -> Option<(Error, Option<Place>)> {
    let kind = match failure.kind() {
        ErrorKind::Stopped => return None,
        ErrorKind::Failed if constructing => ErrorKind::Constructor,
        kind => kind,
    };
    Some((Error::new(kind, failure), failure.place()))
}

/// The error of a stage that has panicked on this thread just now.
pub(crate) fn panicked(panicked: Panicked) -> (Error, Option<Place>) {
    (Error::new(ErrorKind::Panicked, panicked.text), Blame::take())
}
