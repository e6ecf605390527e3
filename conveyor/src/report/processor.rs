//! One processor with all its workers.

use super::histogram::quantile;
use super::lane::LaneReport;
use crate::meter::BUCKETS;
use std::time::Duration;

/// One source, processor, sink or relay with all its workers. Times are sums over the workers.
///
/// ```
/// let words = conveyor::pipeline! {
///     <String -> usize>;
///     processor split = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
///     processor count = |words: Vec<String>| words.len();
///     split -> pipe -> count
/// };
/// let mut run = words.run(["to be".to_owned()]);
/// run.by_ref().try_for_each(|output| output.map(drop))?;
/// for processor in run.report().processors() {
///     assert_eq!((processor.messages_in(), processor.messages_out()), (1, 1));
///     println!("{}: busy {:.0} % of the time", processor.name(), 100.0 * processor.load());
/// }
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ProcessorReport<'r> {
    first: &'r LaneReport,
    lanes: &'r [LaneReport],
}

impl<'r> ProcessorReport<'r> {
    /// `None` if there are no lanes.
    pub(super) fn of(lanes: &'r [LaneReport]) -> Option<Self> {
        lanes.first().map(|first| ProcessorReport { first, lanes })
    }

    /// Its name.
    pub fn name(&self) -> &'r str {
        &self.first.processor
    }

    /// Its workers.
    pub fn lanes(&self) -> &'r [LaneReport] {
        self.lanes
    }

    /// Messages taken in.
    pub fn messages_in(&self) -> u64 {
        self.lanes.iter().map(LaneReport::messages_in).sum()
    }

    /// Messages given out.
    pub fn messages_out(&self) -> u64 {
        self.lanes.iter().map(LaneReport::messages_out).sum()
    }

    /// The time its workers have neither waited for input nor for room in their outlet.
    pub fn busy(&self) -> Duration {
        self.lanes.iter().map(LaneReport::busy).sum()
    }

    /// The time its workers have waited for messages.
    pub fn waiting_for_input(&self) -> Duration {
        self.lanes.iter().map(LaneReport::waiting_for_input).sum()
    }

    /// The time its workers have waited for room in their outlet.
    pub fn waiting_for_output(&self) -> Duration {
        self.lanes.iter().map(LaneReport::waiting_for_output).sum()
    }

    /// The time that its workers were parked: see [`LaneReport::parked`].
    pub fn parked(&self) -> Duration {
        self.lanes.iter().map(LaneReport::parked).sum()
    }

    /// The part of the time that its workers were busy, from 0 to 1; the time that they were parked does not count.
    pub fn load(&self) -> f64 {
        self.share(self.busy())
    }

    /// A time as a part of all the time that its workers had, without that in which they were parked.
    pub(super) fn share(&self, time: Duration) -> f64 {
        let at_work: Duration = self.lanes.iter().map(LaneReport::at_work).sum();
        if at_work.is_zero() { 0.0 } else { time.as_secs_f64() / at_work.as_secs_f64() }
    }

    /// How long a worker was busy, in seconds: the mean over those that were not parked.
    pub(super) fn busy_a_lane(&self) -> f64 {
        let part = |lane: &LaneReport| match lane.elapsed.is_zero() {
            true => 1.0,
            false => lane.at_work().as_secs_f64() / lane.elapsed.as_secs_f64(),
        };
        let lanes: f64 = self.lanes.iter().map(part).sum();
        self.busy().as_secs_f64() / lanes.max(1.0)
    }

    /// Half of its steps took no longer; from a sample, to within a factor of two. `None` if none was timed.
    pub fn step_p50(&self) -> Option<Duration> {
        quantile(&self.histogram(), 0.5)
    }

    /// 99 of 100 steps took no longer; otherwise as [`step_p50`](Self::step_p50).
    pub fn step_p99(&self) -> Option<Duration> {
        quantile(&self.histogram(), 0.99)
    }

    /// The mean number of messages that were waiting for one of its workers.
    pub fn queue_fill(&self) -> f64 {
        self.lanes.iter().map(|lane| lane.mean_queue).sum::<f64>() / self.lanes.len() as f64
    }

    /// How often one of its processes has died and was replaced by another.
    pub fn replaced(&self) -> u64 {
        self.lanes.iter().map(LaneReport::replaced).sum()
    }

    /// Messages that were left out: see [`LaneReport::left_out`].
    pub fn left_out(&self) -> u64 {
        self.lanes.iter().map(LaneReport::left_out).sum()
    }

    fn histogram(&self) -> [u64; BUCKETS] {
        std::array::from_fn(|bucket| self.lanes.iter().map(|lane| lane.step_histogram[bucket]).sum())
    }
}
