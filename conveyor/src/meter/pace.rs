//! How many messages to take at once: many cheap ones, or one expensive one.
//!
//! A run is worth a few microseconds of work, so that what is published and claimed per run costs little, and nobody
//! waits long for a message that is ready.

use std::time::{Duration, Instant};

/// What a run should cost.
const RUN_NS: u64 = 10_000;
/// Runs of cheap messages are timed this often.
const SAMPLE_EVERY: u32 = 32;

/// Learns what a message costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    want: u64,
    max: u64,
    untimed: u32,
}

impl Pace {
    /// Starts with single messages; never more than `max`.
    pub(crate) fn new(max: u64) -> Pace {
        Pace { want: 1, max: max.max(1), untimed: 0 }
    }

    /// How many messages to take.
    #[inline]
    pub(crate) fn want(&self) -> u64 {
        self.want
    }

    /// When the coming run shall be timed: always, unless messages are cheap.
    #[inline]
    pub(crate) fn start(&mut self) -> Option<Instant> {
        if self.want > self.max / 2 && self.untimed < SAMPLE_EVERY {
            self.untimed += 1;
            return None;
        }
        self.untimed = 0;
        Some(Instant::now())
    }

    /// What a run of `messages` has cost. Grows by doubling at most, shrinks at once.
    pub(crate) fn learn(&mut self, messages: u64, cost: Duration) {
        let cost_ns = (cost.as_nanos() as u64).max(1);
        let fitting = RUN_NS.saturating_mul(messages.max(1)) / cost_ns;
        self.want = fitting.clamp(1, self.max.min(self.want * 2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(pace.want(), 10);
    }
}
