//! What a row of stages tells about itself: one meter for each of them.

use crate::meter::{DESK_WORDS, Desk};
use crate::sync::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

/// The counters of one stage, written by the thread that runs it: a desk, and what shared memory has in the record and
/// the bell of a lane.
pub(crate) struct Meter {
    desk: Box<[AtomicU64]>,
    given: AtomicU64,
    /// See [`Rest`].
    rest: AtomicU64,
}

/// What a lane's thread does while the lane does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// It is at work.
    Awake = 0,
    ForInput = 1,
    /// Its fork does without it.
    Parked = 2,
    Ended = 3,
}

impl Meter {
    pub(crate) fn new() -> Arc<Meter> {
        let desk = std::iter::repeat_with(AtomicU64::default).take(DESK_WORDS).collect();
        Arc::new(Meter { desk, given: 0.into(), rest: 0.into() })
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk::new(&self.desk)
    }

    pub(crate) fn taken(&self) -> u64 {
        self.desk().messages()
    }

    pub(crate) fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }

    pub(crate) fn rest(&self, rest: Rest) {
        self.rest.store(rest as u64, Ordering::SeqCst);
    }

    pub(crate) fn rests(&self) -> Rest {
        match self.rest.load(Ordering::SeqCst) {
            0 => Rest::Awake,
            1 => Rest::ForInput,
            2 => Rest::Parked,
            _ => Rest::Ended,
        }
    }

    /// So long the lane has had its thread, waits included.
    pub(crate) fn worked(&self) -> Duration {
        self.desk().life().unwrap_or_default()
    }
}

/// The row has worked so long: divided among its stages as their timed messages were.
pub(crate) fn divide_work<'m>(row: impl Iterator<Item = &'m Meter> + Clone, worked: Duration) {
    let all: Duration = row.clone().map(|meter| meter.desk().cost()).sum();
    for (at, meter) in row.enumerate() {
        let part = match all {
            Duration::ZERO => f64::from(u8::from(at == 0)), // nothing was timed yet
            all => meter.desk().cost().div_duration_f64(all),
        };
        meter.desk().lived(worked.mul_f64(part));
    }
}

/// The meters of stages that run as one, in their order; often it is one stage alone.
pub(crate) struct Row(pub(crate) Vec<Arc<Meter>>);

impl Row {
    /// The stage at this place has spent so long on one message.
    pub(crate) fn timed(&self, at: u32, cost: Duration, fill: u64) {
        if let Some(meter) = self.0.get(at as usize) {
            meter.desk().timed(1, cost, if at == 0 { fill } else { 0 });
        }
    }

    /// The desk of the first stage: what the row waits for, and its times if it is that stage alone.
    pub(crate) fn desk(&self) -> Option<Desk<'_>> {
        self.0.first().map(|meter| meter.desk())
    }

    /// What the first stage has taken, and what the last one has given.
    pub(crate) fn set_ends(&self, taken: u64, given: u64) {
        if let Some(first) = self.0.first() {
            first.desk().set_messages(taken);
        }
        if let Some(last) = self.0.last() {
            last.given.store(given, Ordering::Relaxed);
        }
    }

    /// What a stage has taken is what the one before it has given.
    pub(crate) fn set_taken(&self, at: u32, taken: u64) {
        let at = at as usize;
        if let Some(meter) = self.0.get(at) {
            meter.desk().set_messages(taken);
        }
        if let Some(before) = at.checked_sub(1).and_then(|before| self.0.get(before)) {
            before.given.store(taken, Ordering::Relaxed);
        }
    }
}
