//! One worker.

use super::histogram::quantile;
use crate::meter::BUCKETS;
use std::time::Duration;

/// One worker of one source, processor, sink or relay. Its times are parts of the time since it was started, until its end or until
/// now: [`busy`](Self::busy), [`waiting_for_input`](Self::waiting_for_input), [`waiting_for_output`](Self::waiting_for_output) and
/// [`parked`](Self::parked).
///
/// ```
/// let squares = conveyor::pipeline! {
///     <u64 -> u64>;
///     processor square = |x| x * x;
///     processor(|x| x) -> pipe -> balanced fork(2) { square } -> pipe -> join merge
/// };
/// let mut run = squares.run(0..1000);
/// run.by_ref().try_for_each(|output| output.map(drop))?;
/// let report = run.report();
/// for lane in report.lanes().iter().filter(|lane| lane.processor() == "square") {
///     println!("{} of {}: {} messages, busy for {:?}", lane.lane(), lane.lanes(), lane.messages_in(), lane.busy());
///     println!("  half of them took no longer than {:?}, process {:?}", lane.step_p50(), lane.pid());
/// }
/// # assert_eq!(report.lanes().iter().filter(|lane| lane.processor() == "square").count(), 2);
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LaneReport {
    pub(crate) processor: String,
    pub(crate) lane: usize,
    pub(crate) of: usize,
    pub(crate) taken: u64,
    pub(crate) given: u64,
    /// From its start to its end, or until now.
    pub(crate) elapsed: Duration,
    pub(crate) waiting_for_input: Duration,
    pub(crate) waiting_for_output: Duration,
    pub(crate) parked: Duration,
    /// Bucket `i` counts sampled steps of `2^i` up to `2^(i+1)` nanoseconds.
    pub(crate) step_histogram: [u64; BUCKETS],
    /// The mean number of messages in its inlet.
    pub(crate) mean_queue: f64,
    /// If it is a process.
    pub(crate) pid: Option<u32>,
    pub(crate) replaced: u64,
    pub(crate) left_out: u64,
}

impl LaneReport {
    /// One stage of a row, which has done so much of the row's work, between 0 and 1; it waits while the others are at
    /// work.
    pub(crate) fn with_share(mut self, share: f64) -> LaneReport {
        self.waiting_for_input += self.busy().mul_f64(1.0 - share.clamp(0.0, 1.0));
        self
    }

    /// The name of the processor.
    pub fn processor(&self) -> &str {
        &self.processor
    }

    /// Which of its workers this is, from 0.
    pub fn lane(&self) -> usize {
        self.lane
    }

    /// How many workers it has.
    pub fn lanes(&self) -> usize {
        self.of
    }

    /// Messages taken in.
    pub fn messages_in(&self) -> u64 {
        self.taken
    }

    /// Messages given out.
    pub fn messages_out(&self) -> u64 {
        self.given
    }

    /// The time it has neither waited for input nor for room in its outlet, nor was parked.
    pub fn busy(&self) -> Duration {
        self.at_work().saturating_sub(self.waiting_for_input).saturating_sub(self.waiting_for_output)
    }

    /// The time it has waited for messages.
    pub fn waiting_for_input(&self) -> Duration {
        self.waiting_for_input
    }

    /// The time it has waited for room in its outlet.
    pub fn waiting_for_output(&self) -> Duration {
        self.waiting_for_output
    }

    /// The time that its `balanced fork(auto)` has done without it.
    pub fn parked(&self) -> Duration {
        self.parked
    }

    /// The time that it was there for its fork.
    pub(super) fn at_work(&self) -> Duration {
        self.elapsed.saturating_sub(self.parked)
    }

    /// Half of its steps took no longer; from a sample, to within a factor of two. `None` if none was timed.
    pub fn step_p50(&self) -> Option<Duration> {
        quantile(&self.step_histogram, 0.5)
    }

    /// 99 of 100 steps took no longer; otherwise as [`step_p50`](Self::step_p50).
    pub fn step_p99(&self) -> Option<Duration> {
        quantile(&self.step_histogram, 0.99)
    }

    /// Its process; `None` if it is none, or has none just now, because it has ended or is being replaced. Stages that are
    /// fused share one.
    pub fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// How often its process has died and was replaced by another.
    pub fn replaced(&self) -> u64 {
        self.replaced
    }

    /// Messages that have ended its process again and again, and were left out: `[on_poison = skip]`.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The mean number of messages that were waiting for it.
    pub fn queue_fill(&self) -> f64 {
        self.mean_queue
    }
}
