//! Buffers of several arrays, which producers fill in place and the caller reads in place.

use super::counts::{Counts, count, counts, so_far, wait_for};
use super::proc::{THIS_THREAD, rests};
use crate::harness::{Place, sorted};
use conveyor::{
    Chunk, Error, Failure, Message, Pipeline, Pool, Processor, RecvTimeoutError, Result, Source, lane,
    pipeline,
};
use std::time::Duration;

in_every_context! {
    buffers_of_several_arrays_come_in_order they_come_as_they_are_filled
    an_error_of_a_producer_reaches_the_caller so_does_one_of_its_build so_does_one_of_the_commander
    there_are_no_more_than_nobody_has_given_back,
    processes only: the_caller_keeps_its_buffers_when_their_producer_dies whoever_waits_for_a_buffer_uses_no_processor
}

/// The arrays of a buffer have different shapes and types.
const SAMPLES: (usize, usize, usize) = (4, 5, 50);
const LABELS: (usize, usize) = (4, 500);
/// Buffers of a producer.
const OWN: usize = 3;
/// And of all.
const ALL: u64 = 2 * OWN as u64;
const NUMBERS: u64 = 200;

#[derive(Message)]
struct Buffer {
    number: u64,
    samples: Chunk<f64>,
    labels: Chunk<u8>,
}

impl Buffer {
    /// Gives its number.
    fn whole(self) -> u64 {
        assert!(self.samples.view(SAMPLES).iter().all(|sample| *sample == self.number as f64));
        assert!(self.labels.view(LABELS).iter().all(|label| *label == self.number as u8));
        self.number
    }
}

/// What goes wrong, and at which number.
#[derive(Clone, Copy, Message)]
struct Plan {
    commander_fails: u64,
    /// If it is none, one of the constructors.
    producer_fails: Option<u64>,
    producer_waits: u64,
    producer_dies: u64,
}

const WELL: Plan = Plan {
    commander_fails: u64::MAX,
    producer_fails: Some(u64::MAX),
    producer_waits: u64::MAX,
    producer_dies: u64::MAX,
};

/// What producers tell.
const MADE: usize = 0;
const DIED: usize = 1;
/// Told by the caller.
const GO: usize = 2;

fn log() -> Counts {
    counts(3)
}

struct Commander {
    next: u64,
    plan: Plan,
}

impl Source for Commander {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        if self.next == self.plan.commander_fails {
            return Err(Failure::new("no orders"));
        }
        self.next += 1;
        Ok((self.next <= NUMBERS).then_some(self.next - 1))
    }
}

struct Producer {
    samples: Pool<f64>,
    labels: Pool<u8>,
    log: Counts,
    plan: Plan,
}

impl Producer {
    fn build(samples: &Pool<f64>, labels: &Pool<u8>, log: &Counts, plan: Plan) -> Result<Producer> {
        if plan.producer_fails.is_none() && lane().index() == 1 {
            return Err(Failure::new("no album"));
        }
        Ok(Producer { samples: samples.clone(), labels: labels.clone(), log: log.clone(), plan })
    }
}

impl Processor for Producer {
    type In = u64;
    type Out = Buffer;
    fn process(&mut self, number: u64) -> Result<Buffer> {
        let (mut samples, mut labels) = (self.samples.take()?, self.labels.take()?);
        count(&self.log, MADE);
        if self.plan.producer_fails == Some(number) {
            return Err(Failure::new("no data"));
        }
        if number == self.plan.producer_waits {
            wait_for(&self.log, GO, 1);
        }
        samples.view_mut(SAMPLES).fill(number as f64);
        if number == self.plan.producer_dies && count(&self.log, DIED) == 1 {
            wait_for(&self.log, GO, 1);
            std::process::abort();
        }
        labels.view_mut(LABELS).fill(number as u8);
        Ok(Buffer { number, samples, labels })
    }
}

const SAMPLES_LEN: usize = SAMPLES.0 * SAMPLES.1 * SAMPLES.2;
const LABELS_LEN: usize = LABELS.0 * LABELS.1;

/// The commander is a source: its end is that of the buffers.
fn ordered(log: &Counts, plan: Plan) -> Pipeline<(), Buffer> {
    pipeline! {
        <() -> Buffer>(log: Counts = log.clone(), plan: Plan = plan);
        pool samples(OWN) of [f64; SAMPLES_LEN];
        pool labels(OWN) of [u8; LABELS_LEN];
        source commander = Commander { next: 0, plan: *plan };
        processor producer [stateless] = Producer::build(samples, labels, log, *plan)?;
        commander -> pipe(64) -> balanced fork(2) { producer } -> pipe(64) -> join ordered;
    }
}

/// The caller is the commander.
fn merged(log: &Counts, plan: Plan) -> Pipeline<u64, Buffer> {
    pipeline! {
        <u64 -> Buffer>(log: Counts = log.clone(), plan: Plan = plan);
        pool samples(OWN) of [f64; SAMPLES_LEN];
        pool labels(OWN) of [u8; LABELS_LEN];
        processor producer [stateless] = Producer::build(samples, labels, log, *plan)?;
        processor(|x: u64| x) -> pipe(64) -> balanced fork(2) { producer } -> pipe(64) -> join merge;
    }
}

/// What comes in order, and what ends it early.
fn numbers(place: Place, plan: Plan) -> (Vec<u64>, Option<Error>) {
    let (mut numbers, mut run) = (Vec::new(), place.of(ordered(&log(), plan)).run(()));
    let error = run.by_ref().find_map(|buffer| buffer.map(|buffer| numbers.push(buffer.whole())).err());
    assert!(run.next().is_none(), "nothing comes after the end");
    assert!(numbers.iter().copied().eq(0..numbers.len() as u64), "{numbers:?}");
    (numbers, error)
}

fn buffers_of_several_arrays_come_in_order(place: Place) {
    let (numbers, error) = numbers(place, WELL);
    assert!(numbers.len() as u64 == NUMBERS && error.is_none(), "{error:?}");
}

/// Where they are filled side by side, one that takes long does not hold up the others.
fn they_come_as_they_are_filled(place: Place) {
    let log = log();
    let plan = Plan { producer_waits: if place.is_serial() { u64::MAX } else { 0 }, ..WELL };
    let mut run = place.of(merged(&log, plan)).run(0..NUMBERS);
    let mut next = || run.next().map(|buffer| buffer.expect("the run succeeds").whole());
    let first: Vec<u64> = (0..20).map(|_| next().expect("there are more")).collect();
    assert!(place.is_serial() || !first.contains(&0), "{first:?}");
    count(&log, GO);
    let all = first.into_iter().chain(std::iter::from_fn(next));
    assert!(sorted(all).into_iter().eq(0..NUMBERS));
}

fn fails(place: Place, plan: Plan, processor: &str, cause: &str) {
    let (_, error) = numbers(place, plan);
    let error = error.expect("it comes instead of a buffer");
    assert_eq!((error.processor(), error.cause()), (Some(processor), cause), "{error}");
}

fn an_error_of_a_producer_reaches_the_caller(place: Place) {
    fails(place, Plan { producer_fails: Some(150), ..WELL }, "producer", "no data");
}

fn so_does_one_of_its_build(place: Place) {
    fails(place, Plan { producer_fails: None, ..WELL }, "producer", "no album");
}

fn so_does_one_of_the_commander(place: Place) {
    fails(place, Plan { commander_fails: 150, ..WELL }, "commander", "no orders");
}

/// Nobody takes any, and producers fill all that there are.
fn there_are_no_more_than_nobody_has_given_back(place: Place) {
    let log = log();
    let mut running = place.of(ordered(&log, WELL)).start().expect("it starts");
    if !place.is_serial() {
        wait_for(&log, MADE, ALL);
    }
    for given_back in 0..NUMBERS {
        let made = so_far(&log, MADE);
        assert!(made <= given_back + ALL, "{made} were made when {given_back} had come back");
        assert_eq!(running.recv().expect("there are more").whole(), given_back);
    }
    assert_eq!(so_far(&log, MADE), NUMBERS);
    assert!(running.finish().expect("it ends well").0.is_empty());
}

fn the_caller_keeps_its_buffers_when_their_producer_dies(place: Place) {
    let log = log();
    let mut run = place.of(ordered(&log, Plan { producer_dies: 100, ..WELL })).run(());
    let mut kept = Vec::new();
    for (buffer, number) in run.by_ref().zip(0..) {
        let buffer = buffer.expect("it is replaced");
        assert_eq!(buffer.number, number);
        // one less than a producer has: the next one in order may be anybody's
        if kept.len() < OWN - 1 {
            kept.push(buffer);
            count(&log, GO);
        } else {
            buffer.whole();
        }
    }
    assert_eq!(so_far(&log, DIED), 2, "it was filled again");
    let report = run.report();
    let replaced =
        report.processor("producer").expect("it is declared").lanes().iter().map(|lane| lane.replaced());
    assert_eq!(replaced.sum::<u64>(), 1);
    assert!(kept.into_iter().map(Buffer::whole).eq(0..OWN as u64 - 1));
}

fn whoever_waits_for_a_buffer_uses_no_processor(place: Place) {
    let mut running = place.of(merged(&log(), WELL)).start().expect("it starts");
    (0..ALL + 4).for_each(|number| running.send(number).expect("there is room"));
    let held: Vec<Buffer> = (0..ALL).map(|_| running.recv().expect("the run goes on")).collect();

    let report = running.metrics();
    let workers = report.lanes().iter().map(|lane| lane.pid().expect("it lives").to_string());
    let everyone: Vec<String> = workers.chain([THIS_THREAD.to_owned()]).collect();
    rests(&everyone, || {
        let nothing = running.recv_timeout(Duration::from_millis(500)).map(|buffer| buffer.number);
        assert!(matches!(nothing, Err(RecvTimeoutError::Timeout)), "{nothing:?}");
    });

    let held: Vec<u64> = held.into_iter().map(Buffer::whole).collect();
    let rest = (ALL..ALL + 4).map(|_| running.recv().expect("there is a buffer again").whole());
    assert!(sorted(held.into_iter().chain(rest)).into_iter().eq(0..ALL + 4));
}
