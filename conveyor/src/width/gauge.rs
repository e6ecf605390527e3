//! From counters that only grow to what has happened since the last look.
//!
//! A lane counts a wait when it is over. One that is still under way shows in the lane's bell, and counts from the first
//! look that has seen it: so a lane that sleeps long is not taken for one that works long.

use super::policy::Seen;
use crate::graph::plan::Steered;
use std::time::Duration;

/// Why a lane sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sleeping {
    ForInput = 0,
    ForRoom = 1,
    Parked = 2,
}

/// What a lane says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counters {
    /// Messages taken in.
    pub(crate) taken: u64,
    /// How long it has waited, by [`Sleeping`].
    pub(crate) waited: [Duration; 3],
    /// The wait that is under way.
    pub(crate) sleeping: Option<Sleeping>,
    /// It has ended, or it is one of the caller's ends: its time is not the run's.
    pub(crate) ended: bool,
}

/// What can be seen of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    /// Since the start of the run.
    pub(crate) at: Duration,
    /// All lanes of the plan.
    pub(crate) lanes: Vec<Counters>,
    /// By group: messages that nobody has claimed.
    pub(crate) waiting: Vec<u64>,
    /// Processor time used since the start, if the system tells.
    pub(crate) used: Option<Duration>,
}

/// What was known of a lane at the last look.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    taken: u64,
    /// With the part of the wait under way that is known.
    waited: [Duration; 3],
    /// The wait under way: why, since when it is known, and what had been counted before it.
    sleeping: Option<(Sleeping, Duration, Duration)>,
    /// The part of the time between the last two looks that it was busy, and waited for room.
    busy: f64,
    waited_for_room: f64,
    /// It has taken something in, or is at work, or will be as soon as there is room.
    has_moved: bool,
}

#[derive(Debug, Default)]
pub(super) struct Gauge {
    at: Duration,
    used: Option<Duration>,
    lanes: Vec<Lane>,
}

/// What has happened between two looks.
pub(super) struct Interval {
    /// By group.
    pub(super) seen: Vec<Seen>,
    /// Cores that were in use.
    pub(super) used: f64,
    /// Some lane of the groups has taken something in, or is at work.
    pub(super) moved: bool,
}

impl Gauge {
    /// `None` at the first look. `widths`: how many lanes of each group claim.
    pub(super) fn look(&mut self, look: &Look, groups: &[Steered], widths: &[usize]) -> Option<Interval> {
        let time = look.at.saturating_sub(self.at);
        let is_first = self.lanes.is_empty();
        self.lanes.resize(look.lanes.len(), Lane::default());
        for (lane, counters) in self.lanes.iter_mut().zip(&look.lanes) {
            lane.look(counters, look.at, time);
        }
        let used = look.used.zip(self.used).map(|(now, before)| now.saturating_sub(before));
        (self.at, self.used) = (look.at, look.used);
        if is_first || time.is_zero() {
            return None;
        }
        let seen = groups.iter().zip(widths).zip(&look.waiting);
        let seen = seen.map(|((group, width), waiting)| self.seen(group, *width, *waiting)).collect();
        let busy = || self.lanes.iter().map(|lane| lane.busy).sum();
        let used = used.map_or_else(busy, |used| used.as_secs_f64() / time.as_secs_f64());
        let moved = groups.iter().flat_map(|group| &group.workers).flatten();
        let moved = moved.into_iter().any(|lane| self.lanes[*lane].has_moved);
        Some(Interval { seen, used, moved })
    }

    fn seen(&self, group: &Steered, width: usize, waiting: u64) -> Seen {
        // a worker of several stages is as busy as the busiest of them
        let busy = |worker: &Vec<usize>| worker.iter().map(|lane| self.lanes[*lane].busy).fold(0.0, f64::max);
        Seen {
            lanes: group.workers.len(),
            busy: group.workers.iter().take(width).map(busy).sum(),
            waiting,
            stalled: self.lanes[group.writer].waited_for_room,
        }
    }
}

impl Lane {
    fn look(&mut self, now: &Counters, at: Duration, time: Duration) {
        let sleeping = now.sleeping.map(|why| {
            let counted = now.waited[why as usize];
            match self.sleeping {
                Some((before, since, then)) if before == why && then == counted => (why, since, counted),
                _ => (why, at, counted),
            }
        });
        let part = |wait: Duration| match time.is_zero() {
            true => 0.0,
            false => (wait.as_secs_f64() / time.as_secs_f64()).min(1.0),
        };
        let mut waits = [0.0; 3];
        for (reason, wait) in waits.iter_mut().enumerate() {
            let under_way = match sleeping {
                Some((why, since, _)) if why as usize == reason => at.saturating_sub(since),
                _ => Duration::ZERO,
            };
            let waited = self.waited[reason].max(now.waited[reason] + under_way);
            *wait = part(waited - self.waited[reason]);
            self.waited[reason] = waited;
        }
        let may_go_on = matches!(now.sleeping, None | Some(Sleeping::ForRoom)) && !now.ended;
        self.has_moved = self.taken != now.taken || may_go_on;
        (self.taken, self.sleeping) = (now.taken, sleeping);
        self.busy = if now.ended { 0.0 } else { (1.0 - waits.iter().sum::<f64>()).max(0.0) };
        self.waited_for_room = waits[Sleeping::ForRoom as usize];
    }
}
