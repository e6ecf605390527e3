//! Sources that die, and what they have given before.

use super::victim::{FUSED, PLACE, everywhere, kill, pid_now, pid_of};
use crate::harness::{Place, watched};
use conveyor::{ErrorKind, Pipeline, Result, Source, pipeline};

/// More than the largest ring holds: so the source is still at work when it is killed.
const COUNT: u64 = 80_000;

/// Kills the source `numbers` three times while it is at work.
fn outputs(place: Place, pipeline: Pipeline<(), u64>) -> Vec<u64> {
    let mut running = place.of(pipeline).start().expect("it starts");
    let mut outputs = Vec::new();
    while let Ok(x) = running.recv() {
        outputs.push(x);
        if [1000, 7000, 13_000].contains(&outputs.len()) {
            pid_now(&running, "numbers", 0).into_iter().for_each(kill);
        }
    }
    if let Some(error) = running.error() {
        panic!("{error}");
    }
    let replaced = running.metrics().processor("numbers").expect("it is declared").replaced();
    assert!((1..=3).contains(&replaced), "{replaced}");
    outputs
}

#[test]
fn a_deterministic_source_goes_on_where_it_was() {
    everywhere("a deterministic source", |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [deterministic] = 0..COUNT;
            numbers -> pipe(16) -> processor(|x| x + 1) -> pipe(16) -> flat_map(|x| [x, x]) [deterministic];
        };
        assert_eq!(outputs(place, row), (1..=COUNT).flat_map(|x| [x, x]).collect::<Vec<_>>());
    });
}

/// They are found by counting what comes out, which might be more or less the next time.
#[test]
fn a_row_that_starts_from_its_beginning_and_may_give_something_else_ends_the_run() {
    watched("a row that may give something else", FUSED, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [deterministic] = 0..u64::MAX;
            numbers -> pipe(16) -> filter(|x| x % 2 == 0);
        };
        let mut running = place.of(row).start().expect("it starts");
        assert_eq!(running.recv().expect("it gives"), 0);
        kill(pid_of(&running, "numbers", 0));
        let error = running.finish().expect_err("it cannot go on");
        assert!(error.cause().contains("write `[deterministic]`"), "{error}");
    });
}

/// Its outputs are counted from the beginning, and what a `flush` gives is not where it was.
#[test]
fn a_row_that_starts_from_its_beginning_ends_the_run_after_a_drain() {
    watched("a row after a drain", FUSED, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [deterministic] = 0..u64::MAX;
            numbers -> pipe(16) -> flat_map(|x| [x, x]) [deterministic];
        };
        let mut running = place.of(row).start().expect("it starts");
        assert_eq!(running.recv().expect("it gives"), 0);
        assert!(running.drain().all(|x| x.is_ok()), "nothing has happened yet");
        kill(pid_of(&running, "numbers", 0));
        let error = running.finish().expect_err("it cannot go on");
        assert!(error.cause().contains("`[fuse = none]`"), "{error}");
    });
}

/// Workers ask to die with the thread that has started them, and that is not the caller's.
#[test]
fn a_run_outlives_the_thread_that_has_started_it() {
    watched("started elsewhere", PLACE, |place| {
        let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> processor(|x| x * 2) };
        let row = place.of(row);
        let mut running =
            std::thread::spawn(move || row.start()).join().expect("it does not panic").expect("it starts");
        for x in 0..100 {
            running.send(x).expect("there is room");
            assert_eq!(running.recv().expect("it goes on"), (x + 1) * 2);
        }
        running.finish().expect("nobody has died");
    });
}

#[test]
fn a_source_that_may_be_empty_starts_again() {
    watched("a source that may be empty", PLACE, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [restart = empty] = 0..COUNT;
            numbers -> pipe(16) -> processor(|x| x);
        };
        let all = outputs(place, row);
        let again = all.iter().skip(1).filter(|x| **x == 0).count();
        assert!(again >= 1, "it has started from its beginning");
        assert!(all.ends_with(&[COUNT - 1]), "and come to its end");
    });
}

#[test]
fn any_other_source_ends_the_run_with_advice() {
    watched("any other source", PLACE, |place| {
        let row =
            pipeline! { <() -> u64>; source numbers = 0..u64::MAX; numbers -> pipe(16) -> processor(|x| x) };
        let mut running = place.of(row).start().expect("it starts");
        assert_eq!(running.recv().expect("it gives"), 0);
        kill(pid_of(&running, "numbers", 0));
        let error = running.finish().expect_err("it cannot go on");
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(9), Some("numbers")), "{error}");
        assert!(error.cause().contains("`[deterministic]`"), "{error}");
    });
}

#[test]
fn a_source_that_reads_the_standard_input_is_not_replaced() {
    watched("standard input", PLACE, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [stdin, deterministic] = 0..u64::MAX;
            numbers -> pipe(16) -> processor(|x| x)
        };
        let mut running = place.of(row).start().expect("it starts");
        assert_eq!(running.recv().expect("it gives"), 0);
        kill(pid_of(&running, "numbers", 0));
        let error = running.finish().expect_err("it cannot go on");
        assert!(error.cause().contains("standard input"), "{error}");
    });
}

/// Ends its process at a number, whenever it comes there.
struct Poisoned(u64);
impl Source for Poisoned {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        if self.0 == 700 {
            std::process::abort();
        }
        Ok(Some(self.0 - 1))
    }
}

#[test]
fn a_source_that_always_dies_at_the_same_place_ends_the_run_there() {
    watched("a poisoned source", PLACE, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [deterministic] = Poisoned(0);
            numbers -> pipe -> processor(|x| x)
        };
        let outputs: Vec<_> = place.of(row).run(()).collect();
        let (error, outputs) = outputs.split_last().expect("it ends with an error");
        assert!(outputs.iter().map(|x| *x.as_ref().expect("one error")).eq(0..outputs.len() as u64));
        let error = error.as_ref().expect_err("it cannot go on");
        assert_eq!((error.kind(), error.position()), (ErrorKind::Signal(6), Some(699)), "{error}");
        assert!(error.cause().contains("3 times"), "{error}");
    });
}
