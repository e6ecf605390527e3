//! How many messages a run sends before it looks for outputs again.

use std::time::{Duration, Instant};

const BURST_MAX: u32 = 128;
/// Inputs that come this slowly are sent one by one: whoever waits for the next one holds none back.
const SLOW: Duration = Duration::from_micros(200);

/// Starts with one, and grows as long as the inputs come quickly.
pub(super) struct Pace {
    burst: u32,
}

impl Pace {
    pub(super) fn new() -> Pace {
        Pace { burst: 1 }
    }

    pub(super) fn burst(&self) -> u32 {
        self.burst
    }

    /// A burst has been sent, beginning then.
    pub(super) fn sent(&mut self, started: Instant) {
        self.burst = if started.elapsed() > SLOW { 1 } else { (self.burst * 2).min(BURST_MAX) };
    }
}
