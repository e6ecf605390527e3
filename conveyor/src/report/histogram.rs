//! How long steps took: counts by powers of two.

use crate::meter::BUCKETS;
use std::time::Duration;

/// The time that a fraction `part` of the counted steps did not exceed, interpolated within its bucket; bucket `i`
/// counts steps of `2^i` up to `2^(i+1)` nanoseconds. `None` if nothing was counted.
pub(super) fn quantile(counts: &[u64; BUCKETS], part: f64) -> Option<Duration> {
    let all: u64 = counts.iter().sum();
    let rank = part * all as f64;
    let mut below = 0.0;
    for (bucket, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let count = *count as f64;
        if below + count >= rank {
            let lower_ns = (1_u64 << bucket) as f64;
            return Some(Duration::from_nanos((lower_ns * (1.0 + (rank - below) / count)) as u64));
        }
        below += count;
    }
    None
}
