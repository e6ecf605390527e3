//! How long the next share of a map is. A pure function of what has been measured so far.
//!
//! Towards the end this is guided self-scheduling (Polychronopoulos and Kuck, 1987): a share is a part of what is left, here
//! half of what each worker would get, as in factoring (Hummel, Schonberg and Flynn, 1992). Before that, shares are as long as
//! handing them over asks for.

use std::time::Duration;

/// How long a share should take: long against what it costs to hand it over (10 to 50 us: whoever deals is woken, and on a
/// virtual machine that is dear), and short enough that others get their turn.
const SHARE_TIME: Duration = Duration::from_millis(2);
/// While that many of them are left for each worker, shares may take this long instead: handing one over takes the core
/// of a worker, if there is no other.
const LONG_TIME: Duration = Duration::from_millis(10);
const MANY: usize = 8;
/// The last shares, which become shorter and shorter, need not be shorter than this: so long somebody may wait for the last one.
const LAST_TIME: Duration = Duration::from_micros(50);
/// How many bytes a share should be, on its way to the worker or back.
pub(super) const SHARE_BYTES: usize = 1 << 20;
/// A share is at most so many times as long as the longest one before it: the first items may be cheaper than the
/// others.
const GROWTH: usize = 64;
/// What was measured last counts for so much of what is expected.
const NEWEST: f64 = 0.5;

/// What one item takes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    seconds: f64,
    bytes: f64,
}

/// What is known of the items of a map.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    workers: usize,
    /// The caller's choice.
    fixed: Option<usize>,
    /// The longest share that has come back; 0 before the first.
    longest: usize,
    /// Of the map before with the same kernel, until a share has come back.
    cost: Option<Cost>,
}

impl Pace {
    pub(super) fn new(workers: usize, fixed: Option<usize>, before: Option<Cost>) -> Pace {
        Pace { workers, fixed, longest: 0, cost: before }
    }

    /// What one item takes, if that is known.
    pub(super) fn cost(&self) -> Option<Cost> {
        self.cost
    }

    /// How long the next share is, with so many items left: at least 1.
    pub(super) fn next(&self, left: usize) -> usize {
        if let Some(fixed) = self.fixed {
            return fixed.min(left).max(1);
        }
        let Some(Cost { seconds, bytes }) = self.cost else {
            return 1;
        };
        // dividing by nothing gives infinity, which is a length that others bound
        let items_in = |time: Duration| (time.as_secs_f64() / seconds) as usize;
        let by_bytes = (SHARE_BYTES as f64 / bytes) as usize;
        let many = left / (MANY * self.workers);
        if self.longest == 0 {
            // these items may be others
            return items_in(LAST_TIME).min(by_bytes).min(many).clamp(1, GROWTH);
        }
        let short = if seconds > 0.0 { items_in(LAST_TIME).min(left) } else { 1 };
        let fair = short.max(left / (2 * self.workers));
        let by_time = items_in(LONG_TIME).min(many).max(items_in(SHARE_TIME));
        by_time.min(by_bytes).min(fair).min(self.longest.saturating_mul(GROWTH)).max(1)
    }

    /// A share has come back.
    pub(super) fn measured(&mut self, items: usize, took: Duration, bytes: usize) {
        let (seconds, bytes) = (took.as_secs_f64() / items as f64, bytes as f64 / items as f64);
        // of single items the clock says little, so longer shares replace what they said
        let newest = if items > self.longest { 1.0 } else { NEWEST };
        let cost = self.cost.get_or_insert_default();
        cost.seconds += (seconds - cost.seconds) * newest;
        cost.bytes += (bytes - cost.bytes) * newest;
        self.longest = self.longest.max(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deals items that take so long and so many bytes; gives the lengths of the shares.
    fn lengths(items: usize, workers: usize, each: Duration, bytes: usize) -> Vec<usize> {
        lengths_of(&mut Pace::new(workers, None, None), items, each, bytes)
    }

    fn lengths_of(pace: &mut Pace, items: usize, each: Duration, bytes: usize) -> Vec<usize> {
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
        let most = lengths.iter().max();
        assert!((Some(&3_000_000)..=Some(&3_125_000)).contains(&most), "a sixteenth of all: {most:?}");
        assert!(lengths.iter().skip(4).take(12).all(|len| *len >= 2_000_000), "{lengths:?}");
        assert!(lengths.len() < 60, "{}", lengths.len());
        let behind = lengths.iter().rev().take(3).max();
        assert!(behind <= Some(&50_000), "nobody is left with a long share at the end: {behind:?}");
    }

    #[test]
    fn expensive_items_go_singly_and_large_ones_within_bounds() {
        assert_eq!(lengths(100, 4, Duration::from_millis(20), 0), [1; 100]);
        let lengths = lengths(100_000, 1, Duration::from_nanos(10), SHARE_BYTES / 100);
        assert_eq!(lengths.iter().max(), Some(&100));
    }

    #[test]
    fn the_map_before_tells_how_long_the_first_shares_may_be() {
        let mut pace = Pace::new(2, None, None);
        lengths_of(&mut pace, 100_000, Duration::from_nanos(100), 0);
        let again = |cost| Pace::new(2, None, cost);
        assert_eq!([100_000, 1600, 1].map(|left| again(pace.cost()).next(left)), [64, 64, 1]);
        let lengths = lengths_of(&mut again(pace.cost()), 100_000, Duration::from_millis(20), 0);
        assert_eq!(lengths[1..].iter().max(), Some(&1), "its items were others");
        assert_eq!(again(Some(Cost::default())).next(1600), 64);
    }

    #[test]
    fn items_of_no_time_at_all_are_still_shared() {
        let lengths = lengths(1 << 20, 2, Duration::ZERO, 0);
        assert_eq!(lengths.iter().max(), Some(&(((1 << 20) - 1 - 64 - 4096) / 4)));
    }

    #[test]
    fn the_caller_may_choose() {
        let pace = Pace::new(4, Some(10), None);
        assert_eq!((pace.next(100), pace.next(7)), (10, 7));
    }
}
