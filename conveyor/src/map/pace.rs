//! How long the next share of a map is. A pure function of what has been measured so far.
//!
//! Towards the end this is guided self-scheduling (Polychronopoulos and Kuck, 1987): a share is a part of what is left, here
//! half of what each worker would get, as in factoring (Hummel, Schonberg and Flynn, 1992). Before that, shares are as long as
//! handing them over asks for.

use std::time::Duration;

/// How long a share should take: long against what it costs to hand it over (10 to 50 us: whoever deals is woken, and on a
/// virtual machine that is dear), and short enough that others get their turn.
const SHARE_TIME: Duration = Duration::from_millis(2);
/// The last shares, which become shorter and shorter, need not be shorter than this: so long somebody may wait for the last one.
const LAST_TIME: Duration = Duration::from_micros(50);
/// How many bytes a share should be, on its way to the worker or back.
pub(super) const SHARE_BYTES: usize = 1 << 20;
/// A share is at most so many times as long as the longest one before it: the first items may be cheaper than the
/// others.
const GROWTH: usize = 64;
/// What was measured last counts for so much of what is expected.
const NEWEST: f64 = 0.5;

/// What is known of the items of a map.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    workers: usize,
    /// The caller's choice.
    fixed: Option<usize>,
    /// The longest share that has come back; 0 before the first.
    longest: usize,
    /// What one item takes.
    seconds: f64,
    bytes: f64,
}

impl Pace {
    pub(super) fn new(workers: usize, fixed: Option<usize>) -> Pace {
        Pace { workers, fixed, longest: 0, seconds: 0.0, bytes: 0.0 }
    }

    /// How long the next share is, with so many items left: at least 1.
    pub(super) fn next(&self, left: usize) -> usize {
        if let Some(fixed) = self.fixed {
            return fixed.min(left).max(1);
        }
        if self.longest == 0 {
            return 1;
        }
        // dividing by nothing gives infinity, which is a length that others bound
        let items_in = |time: Duration| (time.as_secs_f64() / self.seconds) as usize;
        let by_bytes = (SHARE_BYTES as f64 / self.bytes) as usize;
        let short = if self.seconds > 0.0 { items_in(LAST_TIME).min(left) } else { 1 };
        let fair = short.max(left / (2 * self.workers));
        items_in(SHARE_TIME).min(by_bytes).min(fair).min(self.longest.saturating_mul(GROWTH)).max(1)
    }

    /// A share has come back.
    pub(super) fn measured(&mut self, items: usize, took: Duration, bytes: usize) {
        let (seconds, bytes) = (took.as_secs_f64() / items as f64, bytes as f64 / items as f64);
        // of single items the clock says little, so longer shares replace what they said
        let newest = if items > self.longest { 1.0 } else { NEWEST };
        self.seconds += (seconds - self.seconds) * newest;
        self.bytes += (bytes - self.bytes) * newest;
        self.longest = self.longest.max(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deals items that take so long and so many bytes; gives the lengths of the shares.
    fn lengths(items: usize, workers: usize, each: Duration, bytes: usize) -> Vec<usize> {
        let mut pace = Pace::new(workers, None);
        let (mut left, mut lengths) = (items, Vec::new());
        while left > 0 {
            let len = pace.next(left);
            pace.measured(len, each.saturating_mul(len as u32), len * bytes);
            left -= len;
            lengths.push(len);
        }
        lengths
    }

    #[test]
    fn cheap_items_go_together_and_the_last_ones_are_shared() {
        let lengths = lengths(50_000_000, 2, Duration::from_nanos(1), 0);
        assert_eq!(&lengths[..4], [1, 64, 4096, 262_144]);
        assert_eq!(lengths.iter().max(), Some(&2_000_000));
        assert!(lengths.len() < 60, "{}", lengths.len());
        let behind = lengths.iter().rev().take(3).max();
        assert!(behind <= Some(&50_000), "nobody is left with a long share at the end: {behind:?}");
    }

    #[test]
    fn expensive_items_go_singly_and_large_ones_within_bounds() {
        assert_eq!(lengths(100, 4, Duration::from_millis(5), 0), [1; 100]);
        let lengths = lengths(100_000, 1, Duration::from_nanos(10), SHARE_BYTES / 100);
        assert_eq!(lengths.iter().max(), Some(&100));
    }

    #[test]
    fn items_of_no_time_at_all_are_still_shared() {
        let lengths = lengths(1 << 20, 2, Duration::ZERO, 0);
        assert_eq!(lengths.iter().max(), Some(&(((1 << 20) - 1 - 64 - 4096) / 4)));
    }

    #[test]
    fn the_caller_may_choose() {
        let pace = Pace::new(4, Some(10));
        assert_eq!((pace.next(100), pace.next(7)), (10, 7));
    }
}
