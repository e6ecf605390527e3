//! How wide a `balanced fork(auto)` has been.

use std::fmt;
use std::time::Duration;

/// From the narrowest to the widest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How many workers of a `balanced fork(auto)` have taken messages, over the time of the run. The others were parked. See
/// [`Report::widths`](crate::Report::widths).
#[derive(Clone, Debug)]
pub struct WidthReport {
    pub(crate) processor: String,
    pub(crate) lanes: usize,
    pub(crate) narrowest: usize,
    pub(crate) widest: usize,
    pub(crate) mean: f64,
    pub(crate) timeline: Vec<f64>,
    pub(crate) slice: Duration,
}

impl WidthReport {
    /// The name of the first processor in the fork.
    pub fn processor(&self) -> &str {
        &self.processor
    }

    /// How many workers the fork has: it cannot be wider. Inside other forks it is there several times, and all of its
    /// workers count.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The fewest workers that it had at any time.
    pub fn narrowest(&self) -> usize {
        self.narrowest
    }

    /// The most workers that it had at any time.
    pub fn widest(&self) -> usize {
        self.widest
    }

    /// The mean over the time of the run.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The mean in each slice of the run, from its start on: at most 64 slices, each as long as [`slice`](Self::slice)
    /// but the last, which may be shorter.
    pub fn timeline(&self) -> &[f64] {
        &self.timeline
    }

    /// The length of a slice of the [`timeline`](Self::timeline).
    pub fn slice(&self) -> Duration {
        self.slice
    }
}

/// A line: the figures, and a bar for each slice of the timeline.
impl fmt::Display for WidthReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WidthReport { processor, lanes, narrowest, widest, mean, .. } = self;
        write!(f, "width of `{processor}`: {mean:.1} of {lanes} workers, from {narrowest} to {widest}  ")?;
        let bar = |width: &f64| {
            let part = width / (*lanes).max(1) as f64;
            BARS[((part * BARS.len() as f64).ceil() as usize).clamp(1, BARS.len()) - 1]
        };
        f.write_str(&self.timeline.iter().map(bar).collect::<String>())
    }
}
