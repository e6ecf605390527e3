//! A step whose outputs fill the pipe is published in parts. Whether a worker that dies in the middle of it can be replaced
//! depends on what it gives when it is done again.

use super::victim::{everywhere, kill, pid_of};
use crate::harness::Place;
use conveyor::{Error, ErrorKind, Pipeline, pipeline};

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
