//! Steps that cannot simply be done again: a part of the outputs is out, or the input has been changed. Whether a worker
//! that dies in the middle of one can be replaced depends on what it gives then.

use super::victim::{PLACE, everywhere, kill, pid_of};
use crate::harness::{Place, watched};
use conveyor::{Chunk, Error, ErrorKind, Pipeline, pipeline};

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

/// Adds one to a frame in place; at the frame of sevens it dies half way.
fn plus_one(mut chunk: Chunk<u64>) -> Chunk<u64> {
    let is_the_one = chunk[0] == 7;
    chunk[0] += 1;
    if is_the_one {
        kill(std::process::id());
        unreachable!("it was killed");
    }
    chunk
}

#[test]
fn a_chunk_that_was_being_changed_is_not_changed_again() {
    // fused, it is the worker's own chunk
    watched("in place", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            pool frames(4) of [u64; 100];
            processor filled [stateless] = {
                let pool = frames.clone();
                move |x: u64| {
                    let mut chunk = pool.take().expect("the run goes on");
                    chunk.fill(x);
                    chunk
                }
            };
            filled -> pipe -> processor(plus_one) -> pipe -> processor(|chunk: &[u64]| chunk[0]);
        };
        let outputs: Result<Vec<u64>, Error> = place.of(row).run(0..20).collect();
        let error = outputs.expect_err("the frame of sevens is lost");
        assert!(error.to_string().contains("changed in place"), "{error}");
    });
}
