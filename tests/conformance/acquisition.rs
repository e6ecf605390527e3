//! A source that is opened, gives what it fills in place, is ended by the caller, and closed: whatever it has given counts.

use super::counts::{Counts, count, counts, so_far, wait_for};
use crate::harness::Place;
use conveyor::{Checkpoint, Chunk, Expand, Outlet, Pipeline, Pool, Result, Source, TryRecvError, pipeline};

in_every_context! {
    it_starts_without_blocking it_is_ended_early_and_the_total_is_right
    it_is_ended_while_somebody_waits_for_the_total a_loop_over_inputs_is_ended_from_within
    a_handle_of_a_run_that_is_over_does_nothing,
    processes only: a_source_that_dies_while_the_run_winds_down_goes_on
}

/// Numbers of a frame.
const FRAME: usize = 64;
/// More frames than there are chunks, so that these come back.
const SOME: u64 = 50;

/// What a detector tells.
const OPENED: usize = 0;
const GIVEN: usize = 1;
const CLOSED: usize = 2;
/// It waits.
const WAITS: usize = 3;
/// Told by the caller.
const GO: usize = 4;

fn log() -> Counts {
    counts(5)
}

/// Gives frames for ever. It is open as long as it lives.
struct Detector {
    log: Counts,
    frames: Pool<u64>,
}

impl Detector {
    fn open(log: &Counts, frames: &Pool<u64>) -> Detector {
        count(log, OPENED);
        Detector { log: log.clone(), frames: frames.clone() }
    }
}

impl Source for Detector {
    type Out = Chunk<u64>;
    fn next(&mut self) -> Result<Option<Chunk<u64>>> {
        let mut frame = self.frames.take()?;
        frame.fill(count(&self.log, GIVEN) - 1);
        Ok(Some(frame))
    }
}

impl Drop for Detector {
    fn drop(&mut self) {
        count(&self.log, CLOSED);
    }
}

/// Adds up for itself, and tells at the end: the sum, and how many frames.
#[derive(Default)]
struct Sum(u64, u64);

impl Expand for Sum {
    type In = Chunk<u64>;
    type Out = (u64, u64);
    fn expand(&mut self, frame: Chunk<u64>, _: &mut impl Outlet<(u64, u64)>) -> Result<()> {
        assert!(frame.iter().all(|x| *x == frame[0]), "a frame is whole");
        self.0 += frame[0];
        self.1 += 1;
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<(u64, u64)>) -> Result<()> {
        out.push((self.0, self.1))
    }
}

fn acquisition(log: &Counts) -> Pipeline<(), (u64, u64)> {
    pipeline! {
        <() -> (u64, u64)>(log: Counts = log.clone());
        pool frames(8) of [u64; FRAME];
        source detector = Detector::open(log, frames);
        processor sum = Sum::default();
        detector -> pipe(2) -> balanced fork(2) { sum } -> pipe -> join merge;
    }
}

/// Everything that was given has arrived, once.
fn is_right(log: &Counts, parts: &[(u64, u64)]) {
    let given = so_far(log, GIVEN);
    let (sum, frames) = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    assert_eq!((sum, frames), ((0..given).sum(), given));
    assert_eq!((so_far(log, OPENED), so_far(log, CLOSED)), (1, 1));
}

fn it_is_ended_early_and_the_total_is_right(place: Place) {
    let log = log();
    let mut running = place.of(acquisition(&log)).start().expect("it starts");
    while so_far(&log, GIVEN) < SOME {
        assert!(matches!(running.try_recv(), Err(TryRecvError::Empty)), "the parts come at the end");
        std::thread::yield_now();
    }
    assert_eq!(so_far(&log, CLOSED), 0);
    running.wind_down();
    running.wind_down();
    let (parts, report) = running.finish().expect("it ends well");
    is_right(&log, &parts);
    assert!(so_far(&log, GIVEN) >= SOME);
    assert_eq!(report.interrupted(), None);
    assert_eq!(report.processor("detector").expect("it is declared").messages_out(), so_far(&log, GIVEN));
}

fn it_is_ended_while_somebody_waits_for_the_total(place: Place) {
    let log = log();
    let running = place.of(acquisition(&log)).start().expect("it starts");
    let (handle, theirs) = (running.wind_down_handle(), log.clone());
    let ending = std::thread::spawn(move || {
        wait_for(&theirs, GIVEN, SOME);
        handle.wind_down();
    });
    let (parts, _) = running.finish().expect("it ends well");
    ending.join().expect("it does not panic");
    is_right(&log, &parts);
}

/// Its constructor and its first frame wait for what the caller does after the start.
fn it_starts_without_blocking(place: Place) {
    let log = log();
    let waiting = pipeline! {
        <() -> u64>(log: Counts = log.clone());
        source({
            wait_for(log, GO, 1);
            let log = log.clone();
            (0..SOME).inspect(move |_| wait_for(&log, GO, 2))
        }) -> pipe -> processor(|x| x)
    };
    let running = place.of(waiting).start().expect("it starts");
    count(&log, GO);
    count(&log, GO);
    assert_eq!(running.finish().expect("it ends well").0, (0..SOME).collect::<Vec<_>>());
}

fn a_loop_over_inputs_is_ended_from_within(place: Place) {
    let narrow = pipeline! {
        <u64 -> u64>;
        processor first = |x: u64| x;
        first -> pipe(2) -> balanced fork(2) { processor(|x| x) } -> pipe(2) -> join ordered;
    };
    for enough in [1, SOME] {
        let mut run = place.of(narrow.clone()).run(0..);
        let (handle, mut outputs) = (run.wind_down_handle(), Vec::new());
        for output in &mut run {
            outputs.push(output.expect("winding down is no failure"));
            if outputs.len() as u64 == enough {
                handle.wind_down();
            }
        }
        assert!(outputs.len() as u64 >= enough);
        assert!(outputs.iter().copied().eq(0..outputs.len() as u64), "{outputs:?}");
        let report = run.report();
        let taken = report.processor("first").expect("it is declared").messages_in();
        assert_eq!(taken, outputs.len() as u64, "what was taken has come out");
    }
}

fn a_handle_of_a_run_that_is_over_does_nothing(place: Place) {
    let same = place.of(pipeline! { <u64 -> u64>; processor(|x| x) });
    let mut run = same.run(0..10);
    let handle = run.wind_down_handle();
    assert_eq!(run.by_ref().count(), 10);
    handle.wind_down();
    assert!(run.next().is_none());
    drop(run);
    handle.clone().wind_down();
    assert_eq!(same.run(0..10).count(), 10, "another run is none of its business");

    let (sender, mut receiver) = same.start().expect("it starts").split();
    let handle = receiver.wind_down_handle();
    drop(sender);
    handle.wind_down();
    assert_eq!(receiver.iter().count(), 0);
}

/// Numbers, and where they are; at a certain one it waits until the run winds down, and dies.
struct Dying {
    log: Counts,
    next: u64,
}

impl Source for Dying {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        if self.next == SOME && count(&self.log, WAITS) == 1 {
            wait_for(&self.log, GO, 1);
            std::process::abort();
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }
}

impl Checkpoint for Dying {
    type State = u64;
    fn save(&mut self) -> Result<u64> {
        Ok(self.next)
    }
    fn restore(&mut self, next: u64) -> Result<()> {
        self.next = next;
        Ok(())
    }
}

impl Drop for Dying {
    fn drop(&mut self) {
        count(&self.log, CLOSED);
    }
}

fn a_source_that_dies_while_the_run_winds_down_goes_on(place: Place) {
    let log = log();
    let dying = pipeline! {
        <() -> u64>(log: Counts = log.clone());
        source dying = Dying { log: log.clone(), next: 0 };
        dying -> pipe -> processor(|x| x);
    };
    let running = place.of(dying).start().expect("it starts");
    wait_for(&log, WAITS, 1);
    running.wind_down();
    count(&log, GO);
    let (numbers, report) = running.finish().expect("it is replaced");
    assert!(numbers.iter().copied().eq(0..numbers.len() as u64), "{numbers:?}");
    assert!(numbers.len() as u64 >= SOME);
    assert_eq!(report.processor("dying").expect("it is declared").lanes()[0].replaced(), 1);
    assert_eq!(so_far(&log, CLOSED), 1, "whoever dies closes nothing");
}

#[test]
fn of_a_run_that_could_not_start_there_is_nothing_to_end() {
    let closed = pipeline! { <() -> u64>; source(0..3) };
    let mut refused = closed.run([()]);
    refused.wind_down_handle().wind_down();
    assert!(refused.next().expect("it says why").is_err());
}
