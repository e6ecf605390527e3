//! What a run has done, lane by lane.

use std::time::Duration;

/// What a run has done so far, or altogether.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) lanes: Vec<LaneReport>,
    pub(crate) elapsed: Duration,
}

/// One worker of one processor.
#[derive(Clone, Debug)]
pub struct LaneReport {
    pub(crate) processor: String,
    pub(crate) lane: usize,
    pub(crate) of: usize,
    pub(crate) taken: u64,
    pub(crate) given: u64,
    pub(crate) waiting_for_input: Duration,
    pub(crate) waiting_for_output: Duration,
    /// Bucket `i` counts sampled steps of `2^i` up to `2^(i+1)` nanoseconds.
    pub(crate) step_histogram: [u64; 40],
    /// The mean number of messages in its inlet.
    pub(crate) mean_queue: f64,
}
