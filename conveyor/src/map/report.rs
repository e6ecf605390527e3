//! What a map has done.

use super::task::Done;
use std::time::Duration;

/// What a map has done: on which worker, and how long it has taken.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct MapReport {
    /// By worker.
    pub workers: Vec<WorkerReport>,
    /// From the first share to the last answer: without the start of a pool, and without what is done at the end.
    pub elapsed: Duration,
}

/// What one worker has done for a map.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct WorkerReport {
    /// Items, without those of shares that have failed.
    pub items: usize,
    /// Shares.
    pub shares: usize,
    /// How long it was at work.
    pub busy: Duration,
    /// How long of that it was on a core, where the system tells: on Linux.
    pub cpu: Duration,
}

impl MapReport {
    pub(super) fn new(workers: usize) -> MapReport {
        MapReport { workers: vec![WorkerReport::default(); workers], elapsed: Duration::ZERO }
    }

    /// A share of so many items has come back.
    pub(super) fn add(&mut self, done: &Done, items: usize) {
        if let Some(worker) = self.workers.get_mut(done.worker as usize) {
            worker.shares += 1;
            worker.busy += Duration::from_nanos(done.busy);
            worker.cpu += Duration::from_nanos(done.cpu);
            worker.items += if done.outcome.is_ok() { items } else { 0 };
        }
    }
}
