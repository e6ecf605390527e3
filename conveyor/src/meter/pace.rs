//! How many messages to take at once: many cheap ones, or one expensive one.
//!
//! A run is worth some microseconds of work, so that what is published and claimed per run costs little, and nobody
//! waits long for a message that is ready.

use crate::sync::puppet;
use std::time::{Duration, Instant};

/// What a run should cost.
const RUN_NS: u64 = 25_000;
/// The same in a run with pools: somebody may wait for a chunk as long as it is under way.
const SHORT_RUN_NS: u64 = 10_000;
/// The same of a share: its ranges are claimed from the others, and none is more than a part of what waits.
const SHARE_RUN_NS: u64 = 100_000;
/// What a run should cost that nobody waits for but a flush or the end of the run.
const LONG_RUN_NS: u64 = 100_000;
/// At most so many messages in such a run.
const LONG_RUN_MAX: u64 = 1 << 16;
/// In a run of so many messages each is cheap.
const MANY: u64 = 64;
/// Cheap messages are timed after so many that are not.
const SAMPLE_EVERY: u64 = 4096;
/// And after so many runs at the latest.
const SAMPLE_RUNS: u64 = 32;

/// Learns what a message costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    want: u64,
    max: u64,
    /// What a run should cost.
    run_ns: u64,
    untimed: u64,
    /// The last timed run had many messages, or as many as it may, and cost no more than a run should.
    is_cheap: bool,
    /// What they cost changes nothing.
    is_held: bool,
}

impl Pace {
    /// Starts with single messages; never more than `max`.
    pub(crate) fn new(max: u64) -> Pace {
        Pace { want: 1, max: max.max(1), run_ns: RUN_NS, untimed: 0, is_cheap: false, is_held: false }
    }

    /// Of a run with pools.
    pub(crate) fn beside_pools(max: u64) -> Pace {
        Pace { run_ns: SHORT_RUN_NS, ..Pace::new(max) }
    }

    /// Of a lane that shares what it reads with others.
    pub(crate) fn of_share(max: u64) -> Pace {
        Pace { run_ns: SHARE_RUN_NS, ..Pace::new(max) }
    }

    /// Of a row that nobody hears of before it is through: it starts with a source and ends in a sink.
    pub(crate) fn of_whole_row() -> Pace {
        Pace { run_ns: LONG_RUN_NS, ..Pace::new(LONG_RUN_MAX) }
    }

    /// Messages are taken singly from now on, until this is taken back.
    pub(crate) fn hold(&mut self, is_held: bool) {
        self.is_held = is_held;
        (self.want, self.is_cheap) = (1, false);
    }

    /// As many messages as ever, whatever they cost: what is counted must not depend on how fast it is done.
    #[cfg(feature = "bench")]
    pub(crate) fn flat_out(&mut self) {
        (self.want, self.is_held, self.is_cheap) = (self.max, true, true);
    }

    /// How many messages to take.
    #[inline]
    pub(crate) fn want(&self) -> u64 {
        self.want
    }

    /// When the coming run shall be timed: always, unless messages are cheap.
    #[inline]
    pub(crate) fn start(&mut self) -> Option<Instant> {
        if puppet::is_puppet() {
            self.want = self.max;
            return None;
        }
        if self.is_cheap && self.untimed < SAMPLE_EVERY {
            self.untimed += self.want.max(SAMPLE_EVERY / SAMPLE_RUNS);
            return None;
        }
        self.untimed = 0;
        Some(Instant::now())
    }

    /// What a run of `messages` has cost. Grows by doubling at most, shrinks at once.
    pub(crate) fn learn(&mut self, messages: u64, cost: Duration) {
        if self.is_held {
            return;
        }
        let cost_ns = (cost.as_nanos() as u64).max(1);
        let fitting = self.run_ns.saturating_mul(messages.max(1)) / cost_ns;
        self.is_cheap = self.want >= MANY.min(self.max / 2 + 1) && cost_ns < 2 * self.run_ns;
        self.want = fitting.clamp(1, self.max.min(self.want * 2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expensive_runs_are_timed_each_and_cheap_ones_now_and_then() {
        for (max, cost_ns, expected) in
            [(1, 100_000, 100), (1, 50, 4), (128, 100_000, 100), (128, 100, 10), (1 << 14, 10, 20)]
        {
            let mut pace = Pace::new(max);
            let timed = (0..100).filter(|_| {
                let timed = pace.start().is_some();
                if timed {
                    pace.learn(pace.want(), Duration::from_nanos(cost_ns * pace.want()));
                }
                timed
            });
            assert!((timed.count() as u64).abs_diff(expected) <= 4, "at most {max}, {cost_ns} ns each");
        }
    }

    #[test]
    fn cheap_messages_are_taken_in_bulk_and_expensive_ones_singly() {
        let mut pace = Pace::new(128);
        for _ in 0..20 {
            let want = pace.want();
            pace.learn(want, Duration::from_nanos(want * 10));
        }
        assert_eq!(pace.want(), 128);
        pace.learn(1, Duration::from_micros(20));
        assert_eq!(pace.want(), 1);
        for _ in 0..20 {
            pace.learn(pace.want(), Duration::from_nanos(pace.want() * 1000));
        }
        assert_eq!(pace.want(), 25);
    }

    #[test]
    fn runs_are_as_long_as_whoever_waits_for_them_allows() {
        let kinds = [(Pace::beside_pools(128), 10), (Pace::new(128), 25), (Pace::of_share(128), 100)];
        for (mut pace, expected) in kinds {
            (0..20).for_each(|_| pace.learn(pace.want(), Duration::from_micros(pace.want())));
            assert_eq!(pace.want(), expected);
        }
    }

    #[test]
    fn who_is_held_takes_messages_singly() {
        let mut pace = Pace::new(128);
        let cheap = |pace: &mut Pace| pace.learn(pace.want(), Duration::from_nanos(10));
        (0..20).for_each(|_| cheap(&mut pace));
        pace.hold(true);
        (0..20).for_each(|_| cheap(&mut pace));
        assert!(pace.want() == 1 && pace.start().is_some());
        pace.hold(false);
        (0..20).for_each(|_| cheap(&mut pace));
        assert_eq!(pace.want(), 128);
    }
}
