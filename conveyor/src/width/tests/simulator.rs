//! A machine with any number of cores that runs a plan: lanes take turns on the cores in small steps of time, wait for
//! input and for room, and count as real ones do.

use crate::graph::options::Fuse;
use crate::graph::plan::{Fusing, Inlet, Limits, Plan, build};
use crate::graph::settings::Settings;
use crate::graph::table::Table;
use crate::width::{Counters, Look, Sleeping, Steering};
use std::time::Duration;

/// A step of time.
const STEP: Duration = Duration::from_micros(100);
/// What a ring holds.
const CAPACITY: u64 = 64;

/// What a message costs in a stage.
#[derive(Clone, Copy)]
pub(super) enum Cost {
    /// On a core.
    Work(Duration),
    /// Without one, as waiting for a disk does.
    Wait(Duration),
}

#[derive(Clone, Copy)]
enum State {
    WantsInput,
    At { left: Duration, needs_core: bool },
    WantsRoom,
}

pub(super) struct Simulator<'c> {
    plan: Plan,
    cores: usize,
    /// By the stage's name and time.
    cost: &'c dyn Fn(&str, Duration) -> Cost,
    states: Vec<State>,
    parked: Vec<bool>,
    counters: Vec<Counters>,
    /// Messages in the ring of each lane.
    rings: Vec<u64>,
    pub(super) now: Duration,
    used: Duration,
    /// Whose turn on a core it is.
    turn: usize,
    noise: fastrand::Rng,
    pub(super) steering: Steering,
    next_look: Duration,
    /// When widths have changed, and what they were from then on.
    pub(super) changes: Vec<(Duration, Vec<usize>)>,
}

impl<'c> Simulator<'c> {
    pub(super) fn new(
        table: &'static Table,
        settings: &Settings,
        cores: usize,
        cost: &'c dyn Fn(&str, Duration) -> Cost,
    ) -> Simulator<'c> {
        // on one core there would be nothing to choose
        let limits = Limits { workers: cores.max(2), cores, fusing: Fusing::Asked(Fuse::None) };
        let plan = build(table, settings, limits).expect("a good table");
        let lanes = plan.lanes.len();
        let steering = Steering::of(&plan, cores).unwrap_or_else(|| panic!("{plan} has no automatic fork"));
        Simulator {
            cores,
            cost,
            states: vec![State::WantsInput; lanes],
            parked: vec![false; lanes],
            counters: vec![Counters::default(); lanes],
            rings: vec![0; lanes],
            now: Duration::ZERO,
            used: Duration::ZERO,
            turn: 0,
            noise: fastrand::Rng::with_seed(cores as u64),
            changes: vec![(Duration::ZERO, steering.widths())],
            steering,
            next_look: Duration::ZERO,
            plan,
        }
    }

    /// Runs for some time, and says how much processor time was used.
    pub(super) fn run(&mut self, time: Duration) -> Duration {
        let (end, before) = (self.now + time, self.used);
        while self.now < end {
            if self.now >= self.next_look {
                self.look();
            }
            self.step();
        }
        self.used - before
    }

    /// Widths to start from.
    pub(super) fn force(&mut self, widths: &[usize]) {
        self.steering.force(self.now, widths);
        self.changes.push((self.now, widths.to_vec()));
        self.park();
    }

    fn look(&mut self) {
        let before = self.steering.widths();
        let waiting = self.steering.groups().iter().map(|group| self.rings[group.writer]).collect();
        let (lanes, used) = (self.counters.clone(), Some(self.used));
        self.steering.look(&Look { at: self.now, lanes, waiting, used });
        if self.steering.widths() != before {
            self.changes.push((self.now, self.steering.widths()));
            self.park();
        }
        let pause = self.steering.next_look().unwrap_or(Duration::MAX);
        // the system wakes a thread a little late
        self.next_look = self.now.saturating_add(pause) + STEP * self.noise.u32(0..5);
    }

    fn park(&mut self) {
        self.parked.fill(false);
        for (group, width) in self.steering.groups().iter().zip(self.steering.widths()) {
            group.workers[width..].iter().for_each(|worker| self.parked[worker[0]] = true);
        }
    }

    fn step(&mut self) {
        let lanes = self.states.len();
        for lane in 0..lanes {
            self.go_on(lane);
        }
        let mut free = self.cores;
        let turn = self.turn;
        for lane in (turn..lanes).chain(0..turn) {
            if let State::At { left, needs_core } = &mut self.states[lane] {
                if *needs_core && free == 0 {
                    continue;
                }
                if *needs_core {
                    free -= 1;
                    self.used += STEP;
                    self.turn = (lane + 1) % lanes;
                }
                *left = left.saturating_sub(STEP);
                if left.is_zero() {
                    self.states[lane] = State::WantsRoom;
                }
            }
        }
        self.now += STEP;
        for lane in 0..lanes {
            let sleeping = match self.states[lane] {
                State::At { .. } => None,
                State::WantsRoom => Some(Sleeping::ForRoom),
                State::WantsInput if self.parked[lane] => Some(Sleeping::Parked),
                State::WantsInput => Some(Sleeping::ForInput),
            };
            let counters = &mut self.counters[lane];
            if let Some(why) = sleeping {
                counters.waited[why as usize] += STEP;
            }
            counters.sleeping = sleeping;
        }
    }

    /// Gives away what is done, and takes what is there.
    fn go_on(&mut self, lane: usize) {
        if let State::WantsRoom = self.states[lane] {
            let is_last = self.plan.lanes[lane].outlet.is_none();
            if !is_last && self.rings[lane] >= CAPACITY {
                return;
            }
            self.rings[lane] += u64::from(!is_last);
            self.states[lane] = State::WantsInput;
        }
        if let State::WantsInput = self.states[lane]
            && !self.parked[lane]
            && self.take(lane)
        {
            self.counters[lane].taken += 1;
            let (time, needs_core) = match (self.cost)(self.plan.lanes[lane].first().name, self.now) {
                Cost::Work(time) => (time, true),
                Cost::Wait(time) => (time, false),
            };
            self.states[lane] = State::At { left: time.mul_f64(self.noise.f64() + 0.5), needs_core };
        }
    }

    fn take(&mut self, lane: usize) -> bool {
        let Some(inlet) = &self.plan.lanes[lane].inlet else {
            return true; // a source has always something to do
        };
        let taps = match inlet {
            Inlet::Zip(..) => panic!("not simulated"),
            other => other.taps(),
        };
        let full = taps.iter().map(|tap| tap.ring).max_by_key(|ring| self.rings[*ring]);
        let ring = full.expect("an inlet reads a ring");
        let has_some = self.rings[ring] > 0;
        self.rings[ring] -= u64::from(has_some);
        has_some
    }
}
