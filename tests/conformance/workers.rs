//! What a stage finds where it runs: what `init` has set up, a deep stack, and rest when there is nothing to do.

use super::proc::{THIS_THREAD, rests};
use crate::harness::Place;
use conveyor::{Context, Expand, LaneId, Outlet, RecvTimeoutError, Result, pipeline};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

in_every_context! {
    init_runs_once_in_every_worker_before_its_stage a_deep_step
    a_worker_knows_which_it_is,
    processes only: an_idle_pipeline_uses_no_processor
}

/// Tells at the end which worker it was made and run in.
struct Who(LaneId);

impl Expand for Who {
    type In = u64;
    type Out = (u64, u64, bool);
    fn expand(&mut self, _: u64, _: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        out.push((self.0.index() as u64, self.0.of() as u64, self.0 == conveyor::lane()))
    }
}

fn a_worker_knows_which_it_is(place: Place) {
    let who = pipeline! {
        <u64 -> (u64, u64, bool)>;
        processor(|x| x + conveyor::lane().index() as u64) -> pipe
            -> balanced fork(3) { processor(Who(conveyor::lane())) } -> pipe -> join merge
    };
    let mut lanes = place.outputs(who, 0..10);
    lanes.sort_unstable();
    assert_eq!(lanes, [(0, 3, true), (1, 3, true), (2, 3, true)]);
    assert_eq!((conveyor::lane().index(), conveyor::lane().of()), (0, 1));
}

static SET_UP: AtomicU64 = AtomicU64::new(0);

fn set_up() {
    SET_UP.fetch_add(1, Ordering::Relaxed);
}

/// Tells how often `set_up` had run when it was made.
struct Newcomer(u64);

impl Newcomer {
    fn new() -> Newcomer {
        Newcomer(SET_UP.load(Ordering::Relaxed))
    }
}

impl Expand for Newcomer {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(x)
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(self.0)
    }
}

fn init_runs_once_in_every_worker_before_its_stage(place: Place) {
    let farmed = pipeline! {
        #![init = set_up]
        <u64 -> u64>;
        processor(Newcomer::new()) -> pipe -> balanced fork(3) { processor(Newcomer::new()) } -> pipe -> join merge
            -> pipe -> processor(Newcomer::new())
    };
    let mut running = place.of(farmed).start().expect("it starts");
    let told: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
    let expected = u64::from(place.0 == Context::Processes);
    assert_eq!(told, [expected; 5], "one of each worker");
    assert_eq!(SET_UP.load(Ordering::Relaxed), 0, "it does not run in the caller");
}

const KIB: usize = 1024;

/// Uses `depth` KiB of stack and a little more.
fn descend(depth: u64) -> u64 {
    let frame = [1_u8; KIB];
    let below = if depth == 0 { 0 } else { descend(depth - 1) };
    below + u64::from(black_box(&frame)[0])
}

/// A worker has the stack of a main thread, where 8 MiB are the custom; in the serial context it is the caller's.
fn a_deep_step(place: Place) {
    const DEPTH: u64 = 4 * KIB as u64;
    let run = move || {
        let deep = pipeline! {
            <u64 -> u64>;
            processor(descend) -> pipe -> balanced fork(2) { processor(descend) } -> pipe -> join ordered
        };
        let outputs = place.outputs(deep, [DEPTH - 1; 10]);
        assert_eq!(outputs, [DEPTH + 1; 10]);
    };
    let caller = std::thread::Builder::new().stack_size(8 * KIB * KIB).spawn(run);
    caller.expect("a thread can be started").join().expect("it runs to its end");
}

fn sign(mut workers: Vec<u32>) -> Vec<u32> {
    workers.push(std::process::id());
    workers
}

fn an_idle_pipeline_uses_no_processor(place: Place) {
    let row = pipeline! {
        <Vec<u32> -> (Vec<u32>, Vec<u32>)>;
        processor(sign) -> pipe -> replicated fork { processor(sign), processor(sign) } -> pipe -> join zip
    };
    let mut running = place.of(row).start().expect("it starts");
    running.send(Vec::new()).expect("there is room");
    let (one, other) = running.recv().expect("it comes out");
    let workers = one.into_iter().chain(other).map(|pid| pid.to_string());
    let everyone: Vec<String> = workers.chain([THIS_THREAD.to_owned()]).collect();
    assert_eq!(everyone.len(), 5);
    rests(&everyone, || {
        let nothing = running.recv_timeout(Duration::from_secs(1));
        assert!(matches!(nothing, Err(RecvTimeoutError::Timeout)), "{nothing:?}");
    });
}
