//! The frames of `frames`, taken at 60 a second: how long each takes from the source to the caller.

use super::frames::{BUFFERS, PIXELS, checked, crossbeam_film, expose, five_blurs, fold, runs, threshold};
use super::{Outcome, System, quantile, system};
use crate::clock::now_ns;
use crate::scale::Scale;
use crate::usage::Spent;
use conveyor::{Chunk, Context, Pool, Result, Source, pipeline};
use std::time::Duration;

const COUNT: u64 = 150;
const PERIOD_NS: u64 = 1_000_000_000 / 60;

pub const SYSTEMS: &[System] =
    &[system("conveyor", "processes", ours), system("crossbeam", "threads", crossbeam)];

/// Waits until a frame is due, and gives the time.
struct Shutter {
    first_ns: u64,
}

impl Shutter {
    fn new() -> Shutter {
        Shutter { first_ns: now_ns() }
    }

    fn wait(&self, number: u64) -> u64 {
        let due = self.first_ns + number * PERIOD_NS;
        std::thread::sleep(Duration::from_nanos(due.saturating_sub(now_ns())));
        now_ns()
    }
}

/// What the caller has received.
#[derive(Default)]
struct Received {
    total: u64,
    latencies_ns: Vec<u64>,
}

impl Received {
    fn take(&mut self, taken: u64, runs: u64) {
        self.latencies_ns.push(now_ns() - taken);
        self.total = fold(self.total, runs);
    }

    /// Speeds are compared, so one item is one frame's median way.
    fn outcome(mut self, count: u64) -> Outcome {
        self.latencies_ns.sort_unstable();
        let at = |share: f64| quantile(&self.latencies_ns, share) as f64;
        let outcome = checked(count, Spent::taking(at(0.5) / 1e9), self.total);
        let more = vec![("p50_ms".to_owned(), at(0.5) / 1e6), ("p99_ms".to_owned(), at(0.99) / 1e6)];
        Outcome { items: 1, more, ..outcome }
    }
}

struct Camera {
    next: u64,
    count: u64,
    frames: Pool<u8>,
    shutter: Shutter,
}

impl Source for Camera {
    type Out = (u64, Chunk<u8>);
    fn next(&mut self) -> Result<Option<(u64, Chunk<u8>)>> {
        if self.next == self.count {
            return Ok(None);
        }
        let mut frame = self.frames.take()?;
        let taken = self.shutter.wait(self.next);
        expose(self.next, &mut frame);
        self.next += 1;
        Ok(Some((taken, frame)))
    }
}

fn ours(scale: Scale) -> Outcome {
    let count = scale.items(COUNT);
    let film = pipeline! {
        <() -> (u64, u64)>(count: u64);
        pool frames(BUFFERS) of [u8; PIXELS];
        source(Camera { next: 0, count: *count, frames: frames.clone(), shutter: Shutter::new() })
            -> pipe -> balanced fork(2) {
                processor(|(taken, mut frame): (u64, Chunk<u8>)| {
                    five_blurs(&mut frame);
                    (taken, frame)
                })
            } -> pipe -> join ordered
            -> processor(|(taken, mut frame): (u64, Chunk<u8>)| {
                threshold(&mut frame);
                (taken, frame)
            })
            -> pipe -> processor(|(taken, frame): (u64, Chunk<u8>)| (taken, runs(&frame)));
    };
    let mut received = Received::default();
    for output in film.context(Context::Processes).run(()) {
        let (taken, runs) = output.expect("the pipeline runs");
        received.take(taken, runs);
    }
    received.outcome(count)
}

fn crossbeam(scale: Scale) -> Outcome {
    let count = scale.items(COUNT);
    let (shutter, mut received) = (Shutter::new(), Received::default());
    crossbeam_film(count, move |number| shutter.wait(number), |taken, runs| received.take(taken, runs));
    received.outcome(count)
}
