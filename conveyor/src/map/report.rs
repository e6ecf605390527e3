//! What a map has done.

use super::task::Done;
use std::time::Duration;

/// No system has more cores.
const CORES_MAX: usize = 8192;

/// What a map has done: on which worker, and how long it has taken.
///
/// ```
/// let report = conveyor::Map::over(0..1000_u64).run(|job| job.item % 7)?.report;
/// for (number, worker) in report.workers.iter().enumerate() {
///     println!("worker {number}: {} items in {} shares, {:?}", worker.items, worker.shares, worker.busy);
/// }
/// assert_eq!(report.workers.iter().map(|worker| worker.items).sum::<usize>(), 1000);
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct MapReport {
    /// By worker.
    pub workers: Vec<WorkerReport>,
    /// How long each core was at work, by its number, where the system tells: on Linux. A share counts where it was done
    /// in the end. Cores behind the last one that was at work are not listed.
    pub cores: Vec<Duration>,
    /// From the first share to the last answer: without the start of a pool, and without what is done at the end. Of a
    /// pool, since it was started.
    pub elapsed: Duration,
}

/// What one worker has done for a map; see [`MapReport`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct WorkerReport {
    /// Items, without those that have failed.
    pub items: usize,
    /// Shares: runs of items that were handed out together.
    pub shares: usize,
    /// How long it was at work.
    pub busy: Duration,
    /// How long of that it was on a core, where the system tells: on Linux.
    pub cpu: Duration,
}

impl MapReport {
    pub(super) fn new(workers: usize) -> MapReport {
        MapReport { workers: vec![WorkerReport::default(); workers], ..MapReport::default() }
    }

    /// A share of so many items has come back. There are none where a map has ended in a worker.
    pub(super) fn add(&mut self, done: &Done, items: usize) {
        if items == 0 {
            return;
        }
        if let Some(worker) = self.workers.get_mut(done.worker as usize) {
            worker.shares += 1;
            worker.busy += Duration::from_nanos(done.busy);
            worker.cpu += Duration::from_nanos(done.cpu);
            worker.items += items.saturating_sub(done.outcome.lacks());
        }
        // a worker says so, and may have been damaged
        if let Some(core) = done.core.map(|core| core as usize).filter(|core| *core < CORES_MAX) {
            self.cores.resize(self.cores.len().max(core + 1), Duration::ZERO);
            self.cores[core] += Duration::from_nanos(done.cpu);
        }
    }
}
