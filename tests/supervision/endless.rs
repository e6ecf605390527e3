//! A worker that dies at the same place for ever ends the run, whatever was said about its replacement; and the error says
//! why no other was tried.

use super::victim::{PLACE, everywhere};
use crate::harness::{Place, Scratch, watched};
use conveyor::{ErrorKind, Pipeline, Processor, Result, Source, pipeline};
use std::path::Path;
use std::process::abort;

const THREE_TIMES: &str = "this message has ended its worker 3 times";
const NO_FURTHER: &str = "5 times without getting any further";

/// Another worker has begun.
fn begin(file: &Path) {
    let begun = std::fs::read_to_string(file).unwrap_or_default() + ".";
    std::fs::write(file, begun).expect("there is room");
}

/// The victim ends the run, after so many workers.
fn ends(
    place: Place,
    row: Pipeline<u64, u64>,
    file: &Path,
    (workers, position, why): (usize, Option<u64>, &str),
) {
    let error = place.error(row, 0..100);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(6), Some("victim")), "{error}");
    assert_eq!(error.position(), position, "{error}");
    assert!(error.cause().contains(why), "{error}");
    let begun = std::fs::read_to_string(file).expect("a worker has begun");
    assert_eq!(begun.len(), workers, "{error}");
}

/// Dies of one number, before it has committed anything.
struct OfNumber;
impl Processor for OfNumber {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        if x == 0 { abort() } else { Ok(x) }
    }
}

/// The victim with these options.
macro_rules! victim {
    ($file:expr, [$($option:tt)*], $victim:expr) => {
        pipeline! {
            <u64 -> u64>(file: std::path::PathBuf = $file.to_owned());
            processor victim [$($option)*] = { begin(file); $victim };
            victim
        }
    };
}

#[test]
fn of_a_message() {
    watched("of a message for ever", PLACE, |place| {
        let scratch = Scratch::new();
        let file = |name: &str| scratch.file(name);
        let (stateless, once, often) = (file("stateless"), file("once"), file("often"));
        let (empty, never, other) = (file("empty"), file("never"), file("stateful"));
        ends(place, victim!(stateless, [stateless], OfNumber), &stateless, (3, Some(0), THREE_TIMES));
        ends(
            place,
            victim!(once, [stateless, restart = on_crash(1)], OfNumber),
            &once,
            (2, Some(0), "`[restart = on_crash(1)]`"),
        );
        ends(
            place,
            victim!(often, [stateless, restart = on_crash(1000)], OfNumber),
            &often,
            (3, Some(0), THREE_TIMES),
        );
        ends(place, victim!(empty, [restart = empty], OfNumber), &empty, (3, Some(0), THREE_TIMES));
        ends(
            place,
            victim!(never, [stateless, restart = never], OfNumber),
            &never,
            (1, Some(0), "`[restart = never]`"),
        );
        // it had committed nothing, so nothing was lost
        ends(place, victim!(other, [on_poison = stop], OfNumber), &other, (3, Some(0), THREE_TIMES));
    });
}

fn never_made() -> OfNumber {
    abort()
}

#[test]
fn of_its_constructor() {
    watched("of its constructor for ever", PLACE, |place| {
        let scratch = Scratch::new();
        let file = |name: &str| scratch.file(name);
        let (stateless, few, many) = (file("stateless"), file("few"), file("many"));
        let (empty, never) = (file("empty"), file("never"));
        ends(place, victim!(stateless, [stateless], never_made()), &stateless, (5, None, NO_FURTHER));
        ends(
            place,
            victim!(few, [stateless, restart = on_crash(2)], never_made()),
            &few,
            (3, None, "`[restart = on_crash(2)]`"),
        );
        ends(
            place,
            victim!(many, [stateless, restart = on_crash(7)], never_made()),
            &many,
            (8, None, "`[restart = on_crash(7)]`"),
        );
        ends(place, victim!(empty, [restart = empty], never_made()), &empty, (5, None, NO_FURTHER));
        ends(
            place,
            victim!(never, [stateless, restart = never], never_made()),
            &never,
            (1, None, "`[restart = never]`"),
        );
    });
}

/// Dies when its stream has ended, and says that it keeps nothing.
struct OfTheEnd;
impl Processor for OfTheEnd {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        Ok(x)
    }
    fn finish(&mut self) -> Result<()> {
        abort()
    }
}

#[test]
fn of_the_end_of_its_stream() {
    watched("of the end for ever", PLACE, |place| {
        let scratch = Scratch::new();
        let file = |name: &str| scratch.file(name);
        let (stateless, empty) = (file("stateless"), file("empty"));
        ends(place, victim!(stateless, [stateless], OfTheEnd), &stateless, (5, None, NO_FURTHER));
        ends(place, victim!(empty, [restart = empty], OfTheEnd), &empty, (5, None, NO_FURTHER));
    });
}

/// Gives ten numbers and dies; made again, it never comes so far.
struct NeverAgain {
    next: u64,
    dies_at: u64,
}
impl Source for NeverAgain {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.next += 1;
        if self.next > self.dies_at { abort() } else { Ok(Some(self.next - 1)) }
    }
}

/// What it gives again is no progress, and nobody gets it.
#[test]
fn of_what_it_gives_again() {
    everywhere("of what it gives again for ever", |place| {
        let scratch = Scratch::new();
        let file = scratch.file("begun");
        let row = pipeline! {
            <() -> u64>(file: std::path::PathBuf = file.clone());
            source victim [deterministic] = {
                let dies_at = if file.exists() { 3 } else { 10 };
                begin(file);
                NeverAgain { next: 0, dies_at }
            };
            processor passes [deterministic] = |x| x;
            victim -> pipe -> passes;
        };
        let outputs: Vec<_> = place.of(row).run(()).collect();
        let (error, outputs) = outputs.split_last().expect("it ends with an error");
        assert!(outputs.iter().map(|x| *x.as_ref().expect("one error")).eq(0..outputs.len() as u64));
        assert!(outputs.len() <= 10);
        let error = error.as_ref().expect_err("it cannot go on");
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(6), Some("victim")), "{error}");
        assert!(error.cause().contains(NO_FURTHER), "{error}");
        let begun = std::fs::read_to_string(&file).expect("a worker has begun");
        assert!((5..=6).contains(&begun.len()), "{} workers: {error}", begun.len());
    });
}
