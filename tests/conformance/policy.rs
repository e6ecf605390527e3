//! How the workers of a balanced fork share messages: who gets which, and how far they run ahead.

use crate::harness::{Place, sorted};
use conveyor::{Context, ErrorKind, pipeline};

in_every_context! {
    every_worker_in_its_turn turns_before_a_merge turns_between_drains turns_and_full_pipes
    a_window_changes_nothing_of_the_outputs windows_in_windows,
    processes only: a_window_bounds_how_far_workers_run_ahead
}

fn every_worker_in_its_turn(place: Place) {
    let turns = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe(5) -> balanced fork(3) [policy = round_robin] {
            processor(|x| (x, conveyor::lane().index() as u64))
        } -> pipe -> join ordered
    };
    let outputs = place.outputs(turns, 0..2000);
    assert_eq!(outputs.iter().map(|(x, _)| *x).collect::<Vec<_>>(), (0..2000).collect::<Vec<_>>());
    // elsewhere a worker that is free takes the next one
    if place.0 == Context::Processes {
        assert!(outputs.iter().all(|(x, worker)| x % 3 == *worker), "{outputs:?}");
    }
}

fn turns_before_a_merge(place: Place) {
    for count in [0, 1, 2, 3, 4, 1000] {
        let farm = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(2) -> balanced fork [policy = round_robin] {
                processor(|x| x), filter(|x| x % 2 == 1), flat_map(|x| [x, x])
            } -> pipe -> join merge
        };
        let outputs = sorted(place.outputs(farm, 0..count));
        assert!(outputs.is_sorted() && outputs.iter().all(|x| *x < count));
        if place.0 == Context::Processes {
            let expected = (0..count).flat_map(|x| match x % 3 {
                0 => vec![x],
                1 => vec![x; (x % 2) as usize],
                _ => vec![x, x],
            });
            assert_eq!(outputs, expected.collect::<Vec<_>>());
        }
    }
}

fn turns_between_drains(place: Place) {
    let farm = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(3) [policy = round_robin] { processor(|x| x) } -> pipe -> join ordered
    };
    let mut running = place.of(farm).start().expect("it starts");
    let mut sent = 0;
    for batch in [1, 0, 2, 5, 1, 100, 3] {
        for x in sent..sent + batch {
            running.send(x).expect("there is room");
        }
        let outputs: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
        assert_eq!(outputs, (sent..sent + batch).collect::<Vec<_>>());
        sent += batch;
    }
    assert!(running.finish().expect("it ends well").0.is_empty());
}

fn turns_and_full_pipes(place: Place) {
    let farm = pipeline! {
        <() -> u64>;
        source(0..3000_u64) -> pipe(2) [when_full = drop_oldest] -> balanced fork(2) [policy = round_robin, window = 3] {
            processor(|x| x) -> pipe(1) [when_full = drop_newest] -> processor(|x| x)
        } -> pipe -> join ordered
    };
    let mut run = place.of(farm).run(());
    let outputs: Vec<u64> = run.by_ref().collect::<Result<_, _>>().expect("the run succeeds");
    assert!(outputs.is_sorted_by(|one, next| one < next));
    assert_eq!(outputs.len() as u64 + run.report().dropped(), 3000);
}

fn a_window_changes_nothing_of_the_outputs(place: Place) {
    for window in [1, 2, 7, 10_000] {
        let farm = pipeline! {
            <u64 -> u64>(window: usize);
            processor(|x| x) -> pipe -> balanced fork(3) [window = window] {
                flat_map(|x| vec![x; (x % 3) as usize]) -> pipe(2) -> processor(|x| x)
            } -> pipe -> join ordered -> processor(|x| x)
        };
        let expected: Vec<u64> = (0..2000).flat_map(|x| vec![x; (x % 3) as usize]).collect();
        assert_eq!(place.outputs(farm, 0..2000), expected);
    }
}

fn windows_in_windows(place: Place) {
    let farm = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) [window = 3] {
            pipe -> balanced fork(2) [window = 2] { processor(|x| x + 1) } -> pipe -> join ordered -> processor(|x| x * 2)
        } -> pipe -> join ordered
    };
    assert_eq!(place.outputs(farm, 0..2000), (0..2000).map(|x| (x + 1) * 2).collect::<Vec<_>>());
}

fn a_window_bounds_how_far_workers_run_ahead(place: Place) {
    for window in [1, 50] {
        let farm = pipeline! {
            <u64 -> u64>(window: usize);
            processor(|x| x) -> pipe -> balanced fork(3) [window = window] { processor(|x| x) } -> pipe
                -> join ordered
        };
        let mut running = place.of(farm).start().expect("it starts");
        // nobody receives: at last nothing moves any more
        let refused = (0..).find_map(|x| running.send(x).err()).expect("it is full at last");
        assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
        let report = running.metrics();
        let work = report.processors().nth(1).expect("the second one");
        assert_eq!(work.messages_in(), window as u64, "{report}");
        let outputs: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
        assert_eq!(outputs, (0..refused.into_message()).collect::<Vec<_>>());
    }
}
