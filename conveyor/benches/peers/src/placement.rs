//! How long a cache line takes from one core to the other. On virtual machines it changes within minutes, and everything
//! that crosses cores with it, so it is probed around every measurement.

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const TRIPS: u64 = 20_000;
/// Between cores that share a cache it takes about 55 ns, between others from 245 ns on.
const NEAR_NS_MAX: f64 = 140.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    Near,
    Far,
    /// Near before a measurement and far after it, or the other way round.
    Changed,
}

impl Placement {
    /// From probes before and after a measurement.
    pub fn of(before_ns: f64, after_ns: f64) -> Placement {
        match (before_ns <= NEAR_NS_MAX, after_ns <= NEAR_NS_MAX) {
            (true, true) => Placement::Near,
            (false, false) => Placement::Far,
            _ => Placement::Changed,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Placement::Near => "near",
            Placement::Far => "far",
            Placement::Changed => "changed",
        }
    }
}

#[repr(align(128))]
struct Line(AtomicU64);

/// One way, in nanoseconds: the best of five probes, since whatever disturbs one makes it longer.
pub fn cache_line_ns() -> f64 {
    (0..5).map(|_| probe()).fold(f64::INFINITY, f64::min)
}

fn probe() -> f64 {
    let (there, back) = (Line(AtomicU64::new(0)), Line(AtomicU64::new(0)));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            pin(1);
            for trip in 1..=TRIPS {
                wait_for(&there, trip);
                back.0.store(trip, Ordering::Release);
            }
        });
        let other = scope.spawn(|| {
            pin(0);
            let began = Instant::now();
            for trip in 1..=TRIPS {
                there.0.store(trip, Ordering::Release);
                wait_for(&back, trip);
            }
            began.elapsed().as_nanos() as f64 / (2 * TRIPS) as f64
        });
        other.join().expect("the probe does not panic")
    })
}

/// Yields now and then, so that it also ends when another program has one of the cores.
fn wait_for(line: &Line, trip: u64) {
    let mut looks = 0u32;
    while line.0.load(Ordering::Acquire) != trip {
        looks += 1;
        if looks.is_multiple_of(4096) {
            std::thread::yield_now();
        }
        std::hint::spin_loop();
    }
}

fn pin(core: usize) {
    let mut cores = CpuSet::new();
    // Where there is no such core, the probe runs anywhere.
    let _ = cores.set(core).and_then(|()| sched_setaffinity(Pid::from_raw(0), &cores));
}
