//! Steps that cannot simply be done again: a part of the outputs is out, or the input has been changed. Whether a worker
//! that dies in the middle of the former can be replaced depends on what it gives then.

use super::victim::{PLACE, everywhere, kill, pid_of};
use crate::harness::{Place, Scratch, watched};
use conveyor::{Chunk, Error, ErrorKind, Expand, Outlet, Pipeline, Pool, Result, pipeline};
use std::fs::File;
use std::path::{Path, PathBuf};

const OUTPUTS: u64 = 100;

/// Kills the worker of `many` in the middle of its first step, of which the caller has seen the beginning.
fn killed_in_a_step(place: Place, pipeline: Pipeline<u64, u64>) -> Result<Vec<u64>, Error> {
    let mut running = place.of(pipeline).start()?;
    for x in 0..2 {
        running.send(x * OUTPUTS).expect("there is room");
    }
    let first = running.recv().expect("a part of the step is published, because the pipe is full of it");
    kill(pid_of(&running, "many", 0));
    let (rest, report) = running.finish()?;
    assert_eq!(report.processor("many").expect("it is declared").lanes()[0].replaced(), 1);
    Ok(std::iter::once(first).chain(rest).collect())
}

#[test]
fn what_is_the_same_again_goes_on_in_the_middle() {
    everywhere("deterministic", |place| {
        let all = pipeline! {
            <u64 -> u64>;
            flat_map many [deterministic] = |x: u64| x..x + OUTPUTS;
            many -> pipe(8);
        };
        assert_eq!(killed_in_a_step(place, all).expect("it goes on"), (0..2 * OUTPUTS).collect::<Vec<_>>());
    });
}

/// Gives the number that a frame is full of and those that follow; the frame leaves with the second one.
struct Many;

impl Expand for Many {
    type In = Chunk<u64>;
    type Out = (u64, Option<Chunk<u64>>);
    fn expand(&mut self, frame: Chunk<u64>, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        let x = number(&frame);
        out.push((x, None))?;
        out.push((0, Some(frame)))?;
        (2..OUTPUTS).try_for_each(|more| out.push((x + more, None)))
    }
}

/// The second message is in the very memory that the chunk of the first one had.
#[test]
fn a_chunk_that_has_left_with_a_part_is_there_again() {
    everywhere("left with a part", |place| {
        let all = pipeline! {
            <u64 -> u64>;
            pool frames(1) of [u64; 100];
            processor filled [stateless, deterministic] = {
                let pool = frames.clone();
                move |x: u64| {
                    let mut chunk = pool.take().expect("the run goes on");
                    chunk.fill(x);
                    chunk
                }
            };
            processor many [stateless, deterministic] = Many;
            processor unpacked [deterministic] =
                |(x, frame): (u64, Option<Chunk<u64>>)| frame.map_or(x, |frame| number(&frame) + 1);
            filled -> pipe -> many -> pipe(4) -> unpacked -> pipe(4);
        };
        assert_eq!(killed_in_a_step(place, all).expect("it goes on"), (0..2 * OUTPUTS).collect::<Vec<_>>());
    });
}

#[test]
fn a_message_that_is_too_old_by_now_goes_on_all_the_same() {
    everywhere("too old", |place| {
        let newest = pipeline! {
            <u64 -> u64>;
            flat_map many [deterministic] = |x: u64| x..x + OUTPUTS;
            processor first = |x: u64| x;
            first -> pipe(2) [when_full = drop_oldest] -> many -> pipe(8);
        };
        let mut running = place.of(newest).start().expect("it starts");
        running.send(0).expect("there is room");
        assert_eq!(
            running.recv().expect("a part of the step is published, because the pipe is full of it"),
            0
        );
        for x in 1..20 {
            running.send(x * OUTPUTS).expect("there is room");
        }
        let given =
            || running.metrics().processor("first").expect("it is declared").lanes()[0].messages_out();
        while given() < 3 {
            std::thread::yield_now();
        }
        kill(pid_of(&running, "many", 0));
        let (rest, _) = running.finish().expect("it goes on");
        assert_eq!(rest[..OUTPUTS as usize - 1], (1..OUTPUTS).collect::<Vec<_>>());
    });
}

#[test]
fn what_may_be_different_ends_the_run() {
    everywhere("not deterministic", |place| {
        let all = pipeline! {
            <u64 -> u64>;
            flat_map many = |x: u64| x..x + OUTPUTS;
            many -> pipe(8);
        };
        let error = killed_in_a_step(place, all).expect_err("a part of the step is out");
        assert_eq!(
            (error.kind(), error.processor(), error.position()),
            (ErrorKind::Signal(9), Some("many"), Some(0)),
        );
        assert!(error.to_string().contains("`[deterministic]`"), "{error}");
    });
}

#[test]
fn a_step_for_which_there_is_room_is_published_whole() {
    everywhere("whole", |place| {
        let all = pipeline! {
            <u64 -> u64>;
            flat_map many = |x: u64| x..x + OUTPUTS;
            many -> pipe(128);
        };
        let mut running = place.of(all).start().expect("it starts");
        for x in 0..2 {
            running.send(x * OUTPUTS).expect("there is room");
        }
        let first = running.recv().expect("the first step is published");
        // it waits in the second one, which does not fit beside the first
        kill(pid_of(&running, "many", 0));
        let (rest, _) = running.finish().expect("nothing of the second step was out");
        let outputs: Vec<_> = std::iter::once(first).chain(rest).collect();
        assert_eq!(outputs, (0..2 * OUTPUTS).collect::<Vec<_>>());
    });
}

/// Takes two chunks after it has given one that has nowhere gone yet.
struct TakesTwoMore(Pool<u64>);

impl Expand for TakesTwoMore {
    type In = u64;
    type Out = Chunk<u64>;
    fn expand(&mut self, _: u64, out: &mut impl Outlet<Chunk<u64>>) -> Result<()> {
        out.push(self.0.take()?)?;
        let (first, second) = (self.0.take()?, self.0.take()?);
        out.push(first)?;
        out.push(second)
    }
}

/// What it has given comes back only after the step, so that would wait for ever. A step that is published in parts may do so.
#[test]
fn two_chunks_after_one_that_was_sent_are_too_many_for_a_pool_of_two() {
    watched("two after one", PLACE, |place| {
        let row = |chunks: usize| {
            pipeline! {
                <u64 -> u64>(chunks: usize = chunks);
                pool frames(*chunks) of [u64; 4];
                processor victim [stateless] = TakesTwoMore(frames.clone());
                victim -> pipe -> processor(|frame: &[u64]| frame.len() as u64);
            }
        };
        let error = place.error(row(2), 0..3);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("victim")), "{error}");
        assert!(error.cause().contains("holds all 2 chunks"), "{error}");
        assert!(error.cause().contains("`[deterministic]`"), "{error}");
        assert_eq!(place.outputs(row(3), 0..3), [4; 9]);
        let in_parts = pipeline! {
            <u64 -> u64>;
            pool frames(2) of [u64; 4];
            processor victim [stateless, deterministic] = TakesTwoMore(frames.clone());
            victim -> pipe -> processor(|frame: &[u64]| frame.len() as u64);
        };
        assert_eq!(place.outputs(in_parts, 0..3), [4; 9]);
    });
}

/// A death half way through the frame of sevens: once, or always.
#[derive(Clone, Copy)]
enum Dies<'f> {
    Once(&'f Path),
    Always,
}

/// Adds one to a frame in place, a half before and a half behind the death.
fn plus_one(mut frame: Chunk<u64>, dies: Dies<'_>) -> Chunk<u64> {
    let is_the_one = frame[0] == 7;
    let (first, second) = frame.split_at_mut(50);
    first.iter_mut().for_each(|x| *x += 1);
    if is_the_one && !matches!(dies, Dies::Once(file) if File::create_new(file).is_err()) {
        kill(std::process::id());
        unreachable!("it was killed");
    }
    second.iter_mut().for_each(|x| *x += 1);
    frame
}

pipeline! {
    Frames<u64 -> Chunk<u64>>;
    pool frames(4) of [u64; 100];
    processor filled [stateless] = {
        let pool = frames.clone();
        move |x: u64| {
            let mut chunk = pool.take().expect("the run goes on");
            chunk.fill(x);
            chunk
        }
    };
    filled
}

/// The one number that a frame is full of.
fn number(frame: &[u64]) -> u64 {
    assert!(frame.iter().all(|x| *x == frame[0]), "{frame:?}");
    frame[0]
}

#[test]
fn a_chunk_that_was_being_changed_is_as_it_was() {
    everywhere("in place", |place| {
        let scratch = Scratch::new();
        let file = scratch.file("died");
        let row = pipeline! {
            <u64 -> u64>(file: PathBuf = file);
            pipeline filled = Frames;
            filled -> pipe -> processor(|frame| plus_one(frame, Dies::Once(file))) -> pipe -> processor(|frame: Chunk<u64>| number(&frame));
        };
        assert_eq!(place.outputs(row, 0..20), (1..21).collect::<Vec<_>>());
    });
}

#[test]
fn a_frame_that_ends_whoever_changes_it_is_left_out() {
    watched("in place, poison", PLACE, |place| {
        let scratch = Scratch::new();
        let row = pipeline! {
            <u64 -> u64>;
            pipeline filled = Frames;
            filled -> pipe -> processor(|frame| plus_one(frame, Dies::Always)) [on_poison = skip]
                -> pipe -> processor(|frame: Chunk<u64>| number(&frame));
        };
        let mut run = place.of(row).dead_letters(scratch.file("letters")).run(0..20);
        let outputs: Vec<u64> = run.by_ref().collect::<Result<_, Error>>().expect("it goes on");
        assert_eq!(outputs, (0..20).filter(|x| *x != 7).map(|x| x + 1).collect::<Vec<_>>());
        assert_eq!(run.report().left_out(), 1);
    });
}

/// What a worker that keeps something from message to message has changed is lost with it, even if it has committed nothing.
#[test]
fn who_has_state_and_has_changed_a_chunk_ends_the_run() {
    watched("in place, with state", PLACE, |place| {
        let scratch = Scratch::new();
        let file = scratch.file("died");
        let row = pipeline! {
            <u64 -> u64>(file: PathBuf = file);
            pipeline filled = Frames;
            processor changes = {
                let (file, mut most) = (file.clone(), 0);
                move |frame: Chunk<u64>| {
                    most = frame[0].max(most);
                    plus_one(frame, Dies::Once(&file))
                }
            };
            filled -> pipe -> changes -> pipe -> processor(|frame: Chunk<u64>| number(&frame));
        };
        let error = place.error(row, 7..20);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(9), Some("changes")), "{error}");
        assert!(error.to_string().contains("has state"), "{error}");
    });
}

/// Of more chunks than are kept the step gets copies of its own.
#[test]
fn many_chunks_that_were_being_changed_are_as_they_were() {
    everywhere("many in place", |place| {
        let scratch = Scratch::new();
        let file = scratch.file("died");
        let row = pipeline! {
            <u64 -> u64>(file: PathBuf = file);
            pool frames(6) of [u64; 100];
            processor filled [stateless] = {
                let pool = frames.clone();
                move |x: u64| -> Vec<Chunk<u64>> {
                    let frame = |x| {
                        let mut frame = pool.take().expect("the run goes on");
                        frame.fill(x);
                        frame
                    };
                    (0..6).rev().map(|more| frame(x + more)).collect()
                }
            };
            filled -> pipe
                -> processor(|six: Vec<Chunk<u64>>| -> Vec<Chunk<u64>> {
                    six.into_iter().map(|frame| plus_one(frame, Dies::Once(file))).collect()
                })
                -> pipe -> processor(|six: Vec<Chunk<u64>>| six.iter().map(|frame| number(frame)).sum::<u64>());
        };
        let expected = (0..20).map(|x| (0..6).map(|more| x + more + 1).sum::<u64>());
        assert_eq!(place.outputs(row, 0..20), expected.collect::<Vec<_>>());
    });
}
