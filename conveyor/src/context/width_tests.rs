//! Forks that become wider and narrower while messages pass: nothing is lost, and nobody sleeps for ever.

use super::{Backend, Context, Engine, Received, Sent, Wait};
use crate::graph::options::Fuse;
use crate::graph::plan::{Fusing, Limits};
use crate::report::Report;
use crate::sys::clock::processor_time;
use crate::width::{Decide, INSTEAD};
use crate::{Expand, Message, Outlet, Pipeline, Result, pipeline};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Lanes of a fork, whatever machine this is.
const LANES: usize = 4;

/// Where there are lanes to park.
const CONTEXTS: [Context; 2] = [Context::Processes, Context::Threads];

fn start<In: Message, Out: Message>(
    context: Context,
    pipeline: &Pipeline<In, Out>,
    decide: Decide,
) -> Engine<In, Out> {
    INSTEAD.set(Some(decide));
    let declared = pipeline.declared().expect("it can run");
    let limits = Limits { workers: LANES, cores: LANES, fusing: Fusing::Asked(Fuse::None) };
    super::start(context, Backend::Memfd, declared, limits, &super::RunOptions::default()).expect("it starts")
}

/// Other widths again and again.
fn at_random(seed: u64) -> Decide {
    let mut random = fastrand::Rng::with_seed(seed);
    Box::new(move |steering, look| {
        let lanes: Vec<_> = steering.groups().iter().map(|group| group.workers.len()).collect();
        let widths: Vec<_> = lanes.iter().map(|lanes| random.usize(1..=*lanes)).collect();
        steering.force(look.at, &widths);
        Some(Duration::from_micros(random.u64(0..2000)))
    })
}

/// This width for all forks.
fn as_told(width: Arc<AtomicUsize>) -> Decide {
    Box::new(move |steering, look| {
        let widths = steering.groups().iter().map(|_| width.load(Ordering::Relaxed)).collect::<Vec<_>>();
        steering.force(look.at, &widths);
        Some(Duration::from_micros(500))
    })
}

/// Sends everything with flush marks in between, and gives what comes out.
fn outputs<In: Message, Out: Message>(
    context: Context,
    pipeline: &Pipeline<In, Out>,
    inputs: Vec<In>,
    decide: Decide,
) -> (Vec<Out>, Report) {
    let Engine { ends, control } = start(context, pipeline, decide);
    let (mut head, mut end) = ends.split();
    let every = inputs.len() / 5;
    let (drained, may_mark) = std::sync::mpsc::channel();
    let outputs = std::thread::scope(|scope| {
        scope.spawn(move || {
            for (number, input) in inputs.into_iter().enumerate() {
                if number % every == every - 1 {
                    head.mark();
                    may_mark.recv().expect("the mark comes out");
                }
                assert!(matches!(head.send(input, Wait::Forever), Sent::Done), "message {number}");
            }
            head.close();
        });
        let mut outputs = Vec::new();
        loop {
            match end.recv(Wait::Forever) {
                Received::Message(message) => outputs.push(message),
                Received::Drained => drained.send(()).expect("the sender waits for it"),
                Received::Empty => {}
                Received::Ended => return outputs,
            }
        }
    });
    control.join().expect("the run succeeds");
    (outputs, control.report())
}

#[test]
fn an_ordered_join_behind_changing_widths_keeps_the_order() {
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(64) -> balanced fork(auto) [window = 48] {
            flat_map(|x| (0..x % 4).map(move |k| x * 10 + k)) -> pipe(8) -> filter(|x| *x % 3 != 0)
        } -> pipe(16) -> join ordered
    };
    let expected: Vec<u64> =
        (0..30_000u64).flat_map(|x| (0..x % 4).map(move |k| x * 10 + k)).filter(|x| x % 3 != 0).collect();
    for (context, seed) in CONTEXTS.into_iter().zip(0..) {
        let (got, _) = outputs(context, &ordered, (0..30_000).collect(), at_random(seed));
        assert!(got == expected, "{context:?}: {} messages instead of {}", got.len(), expected.len());
    }
}

#[test]
fn forks_in_forks_zips_and_merges_lose_and_repeat_nothing() {
    let nested = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe(32) -> balanced fork(auto) [max = 2] {
            processor(|x| x) -> pipe(8)
                -> balanced fork(auto) [max = 3] { processor(|x| x + 1) } -> pipe(8) -> join merge
                -> pipe(8) -> replicated fork { processor(|x| x * 2), pipe } -> pipe(8) -> join zip
        } -> pipe(8) -> join merge
            -> pipe(32) -> balanced fork(auto) { processor(|pair: (u64, u64)| pair) } -> pipe(8) -> join merge
    };
    for (context, seed) in CONTEXTS.into_iter().zip(7..) {
        let (mut got, report) = outputs(context, &nested, (0..20_000).collect(), at_random(seed));
        got.sort_unstable();
        assert!(got.into_iter().eq((1..=20_000).map(|x| (x * 2, x))), "{context:?}");
        let lanes: Vec<_> = report.widths().iter().map(|width| width.lanes()).collect();
        assert_eq!(lanes, [2, 6, 4], "{report}");
    }
}

/// Says who it is, once for each flush mark and once at the end.
struct Roll;

impl Expand for Roll {
    type In = u64;
    type Out = (u64, usize);
    fn expand(&mut self, x: u64, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        out.push((x, LANES))
    }
    fn flush(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        out.push((u64::MAX - 1, crate::lane().index()))
    }
    fn finish(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        out.push((u64::MAX, crate::lane().index()))
    }
}

#[test]
fn parked_lanes_pass_marks_and_come_to_their_end() {
    let roll = pipeline! {
        <u64 -> (u64, usize)>;
        processor(|x| x) -> pipe(16) -> balanced fork(auto) { processor(Roll) } -> pipe -> join merge
    };
    let marks = (0..LANES).flat_map(|lane| [(u64::MAX - 1, lane); 5]);
    let ends = (0..LANES).map(|lane| (u64::MAX, lane));
    let expected: Vec<_> = (0..5000).map(|x| (x, LANES)).chain(marks).chain(ends).collect();
    for context in CONTEXTS {
        let narrow = as_told(Arc::new(AtomicUsize::new(1)));
        let (mut got, report) = outputs(context, &roll, (0..5000).collect(), narrow);
        got.sort_unstable();
        assert!(got == expected, "{context:?}: {:?}", &got[5000.min(got.len())..]);
        let width = &report.widths()[0];
        assert_eq!((width.narrowest(), width.lanes()), (1, LANES), "{report}");
    }
}

#[test]
fn a_run_with_parked_lanes_stops_at_once() {
    let endless = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(16) -> balanced fork(auto) { processor(|x| x) } -> pipe -> join merge
    };
    for context in CONTEXTS {
        let narrow = as_told(Arc::new(AtomicUsize::new(1)));
        let Engine { mut ends, control } = start(context, &endless, narrow);
        assert!(matches!(ends.head().send(1, Wait::Forever), Sent::Done));
        ends.head().flush();
        assert!(matches!(ends.end().recv(Wait::Forever), Received::Message(1)));
        control.stop();
        control.join().expect("a stop is no failure");
    }
}

/// Sends one message after the other and tells who has worked on them.
fn workers_of(engine: &mut Engine<u64, (usize, u32)>, messages: usize) -> Vec<(usize, u32)> {
    let ends = &mut engine.ends;
    for _ in 0..messages {
        assert!(matches!(ends.head().send(0, Wait::Forever), Sent::Done));
    }
    ends.head().flush();
    let one = |_| match ends.end().recv(Wait::Forever) {
        Received::Message(worker) => worker,
        _ => panic!("the run goes on"),
    };
    (0..messages).map(one).collect()
}

#[test]
fn a_parked_lane_uses_no_processor_time_and_can_be_woken() {
    let who = pipeline! {
        <u64 -> (usize, u32)>;
        processor(|x| x) -> pipe -> balanced fork(auto) {
            processor(|_: u64| {
                std::hint::black_box((0..2000).fold(0u64, |sum, x| sum ^ std::hint::black_box(x)));
                (crate::lane().index(), std::process::id())
            })
        } -> pipe -> join merge
    };
    let width = Arc::new(AtomicUsize::new(LANES));
    let mut engine = start(Context::Processes, &who, as_told(width.clone()));
    let all_at_work = |engine: &mut Engine<_, _>| loop {
        let mut workers = workers_of(engine, 256);
        workers.sort_unstable();
        workers.dedup();
        if workers.len() == LANES {
            return workers;
        }
    };
    let workers = all_at_work(&mut engine);
    width.store(1, Ordering::Relaxed);
    while workers_of(&mut engine, 64).iter().any(|(lane, _)| *lane > 0) {}

    let used = || -> Vec<_> { workers[1..].iter().map(|(_, pid)| processor_time(*pid)).collect() };
    // what they still do before they sleep is over at some time; lanes that looked now and then would never be still
    let are_still = (0..200).any(|_| {
        let before = used();
        assert!(workers_of(&mut engine, 2000).iter().all(|(lane, _)| *lane == 0));
        used() == before
    });
    assert!(are_still, "parked lanes are at work: {:?}", used());

    width.store(LANES, Ordering::Relaxed);
    assert_eq!(all_at_work(&mut engine), workers);
    engine.ends.head().close();
    engine.control.join().expect("the run succeeds");
}
