//! Workers that hang: those that have been on one message for longer than their deadline.
//!
//! Time is counted between looks, and only while the same message was at work at both of them and the lane did not wait
//! for anything in between. So a message is never blamed for less time than it took, and a program that was itself
//! stopped for a while blames nobody.

use crate::graph::plan::{LanePlan, Plan};
use crate::memory::map::Map;
use crate::supervise::Look;
use std::ops::Range;
use std::time::{Duration, Instant};

/// So many looks in the time of a deadline.
const LOOKS: u32 = 8;
/// Looks are at least so far apart.
const INTERVAL_MIN: Duration = Duration::from_millis(1);

pub(super) struct Deadlines {
    /// By worker; `None` without a deadline.
    clocks: Vec<Option<Clock>>,
    last: Option<Instant>,
}

struct Clock {
    lane: usize,
    /// The first stage of its row is a source, which may take as long as it likes.
    has_source: bool,
    deadline: Duration,
    is_running: bool,
    /// What was seen last.
    seen: Option<Seen>,
    /// How long that has been so.
    worked: Duration,
}

/// A message at work, and how long its lane had waited for room until then.
type Seen = ((u32, Range<u64>), Duration);

impl Clock {
    fn interval(&self) -> Duration {
        (self.deadline / LOOKS).max(INTERVAL_MIN)
    }

    /// Another look after some time: whether the deadline has passed.
    fn is_overdue(&mut self, map: &Map, elapsed: Duration) -> bool {
        let desk = map.desk(self.lane);
        let in_source = self.has_source && desk.place().at == 0;
        let seen = desk.at_work().filter(|_| !in_source).map(|at_work| (at_work, desk.wait_room()));
        // much later than asked for: this program itself has not run
        let elapsed = elapsed.min(2 * self.interval());
        self.worked =
            if seen.is_some() && seen == self.seen { self.worked + elapsed } else { Duration::ZERO };
        self.seen = seen;
        self.worked >= self.deadline
    }
}

impl Deadlines {
    /// `lanes`: that of each worker.
    pub(super) fn of(plan: &Plan, lanes: &[usize]) -> Deadlines {
        let clocks = lanes.iter().map(|lane| {
            let LanePlan { stages, inlet, .. } = &plan.lanes[*lane];
            let deadline = stages.iter().filter_map(|stage| stage.options.deadline).min()?;
            let (lane, has_source) = (*lane, inlet.is_none());
            Some(Clock { lane, has_source, deadline, is_running: false, seen: None, worked: Duration::ZERO })
        });
        Deadlines { clocks: clocks.collect(), last: None }
    }

    /// A worker has been started.
    pub(super) fn begin(&mut self, job: usize) {
        if let Some(clock) = &mut self.clocks[job] {
            (clock.is_running, clock.seen, clock.worked) = (true, None, Duration::ZERO);
        }
    }

    /// A worker is gone: the deadline that it had passed.
    pub(super) fn end(&mut self, job: usize) -> Option<Duration> {
        let clock = self.clocks[job].as_mut()?;
        clock.is_running = false;
        (clock.worked >= clock.deadline).then_some(clock.deadline)
    }

    pub(super) fn look(&mut self, map: &Map, now: Instant) -> Look {
        let elapsed = self.last.map_or(Duration::ZERO, |last| now - last);
        self.last = Some(now);
        let mut look = Look::default();
        for (job, clock) in self.clocks.iter_mut().enumerate() {
            let Some(clock) = clock.as_mut().filter(|clock| clock.is_running) else { continue };
            if clock.is_overdue(map, elapsed) {
                look.overdue.push(job);
                clock.is_running = false; // it is killed for that, whatever it gets done before it is gone
                continue;
            }
            let interval = clock.interval();
            look.again_in = Some(look.again_in.map_or(interval, |soonest| soonest.min(interval)));
        }
        look
    }
}
