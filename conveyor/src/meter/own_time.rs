//! How long code takes without other code inside it that is timed, too.

use std::cell::Cell;
use std::time::{Duration, Instant};

thread_local! {
    /// What has been timed inside the code at work.
    static INSIDE: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Adds to `cost` the time that `work` takes, without whatever is timed inside.
pub(crate) fn own_time<R>(cost: &mut Duration, work: impl FnOnce() -> R) -> R {
    let outside = INSIDE.replace(Duration::ZERO);
    let started = Instant::now();
    let result = work();
    let elapsed = started.elapsed();
    *cost += elapsed.saturating_sub(INSIDE.get());
    INSIDE.set(outside + elapsed);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_timed_inside_counts_there() {
        let (mut outer, mut inner) = (Duration::ZERO, Duration::ZERO);
        let started = Instant::now();
        own_time(&mut outer, || {
            own_time(&mut inner, || while started.elapsed() < Duration::from_millis(5) {});
        });
        assert!(inner > Duration::ZERO && outer + inner <= started.elapsed());
    }
}
