//! Worker processes that die.

use crate::workers;
use conveyor::map::per_worker;
use conveyor::{Context, ErrorKind, Map, SharedArray};
use rustix::process::{Signal, getpid, kill_process};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

fn marker(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("conveyor-map-{name}-{}", std::process::id()));
    // of a process with the same number, long ago
    let _ = std::fs::remove_file(&path);
    path
}

/// Dies by `kill -9` whenever the file is not there yet.
fn die_once(marker: &Path) {
    if std::fs::File::create_new(marker).is_ok() {
        kill_process(getpid(), Signal::KILL).expect("it may");
    }
}

#[test]
fn a_killed_worker_is_replaced_and_the_result_is_right() {
    let workers = workers(Context::Processes, 2);
    for at in [0, 500, 999_u64] {
        let path = marker("values");
        let map = Map::over(0..1000_u64).with((path.clone(), at)).workers(&workers);
        let values = map.run(|job| {
            if job.item == job.with.1 {
                die_once(&job.with.0);
            }
            3 * job.item
        });
        assert_eq!(values.expect("nobody notices").values, (0..1000).map(|x| 3 * x).collect::<Vec<_>>());
        std::fs::remove_file(path).expect("a worker has died");
    }
}

#[test]
fn an_accumulator_is_neither_lost_nor_counted_twice() {
    let workers = workers(Context::Processes, 2);
    for at in [0, 4321, 9999_u64] {
        let path = marker("sums");
        let map = Map::over(0..10_000_u64).with((path.clone(), at)).workers(&workers).share_len(100);
        let sum = map.fold(0_u64, |sum, job| {
            *sum += job.item;
            if job.item == job.with.1 {
                die_once(&job.with.0);
            }
        });
        assert_eq!(sum.reduce(|a, b| a + b).expect("nobody notices").value, 49_995_000);
        std::fs::remove_file(path).expect("a worker has died");
    }
}

#[test]
fn a_replacement_makes_its_state_again() {
    let workers = workers(Context::Processes, 2);
    let path = marker("state");
    let map = Map::over(0..200_u64).with(path.clone()).workers(&workers).share_len(10);
    let map = map.init(|setup| Ok(setup.worker as u64));
    let states = map.run(|job| {
        if job.index == 100 {
            die_once(job.with);
        }
        *job.state == job.worker as u64
    });
    assert_eq!(states.expect("nobody notices").values, [true; 200]);
    std::fs::remove_file(path).expect("a worker has died");
}

#[test]
fn a_share_that_kills_again_and_again_is_an_error_that_names_it() {
    let workers = workers(Context::Processes, 2);
    let deadly = |share_len| {
        let map = Map::over(0..100_u64).share_len(share_len).workers(&workers);
        map.run(|job| {
            if job.item == 42 {
                std::process::abort()
            }
        })
        .unwrap_err()
    };
    let error = deadly(1);
    assert_eq!((error.kind(), error.position()), (ErrorKind::Signal(6), Some(42)), "{error}");
    let error = deadly(10);
    assert!(error.to_string().contains("it was at work on the items 40 to 49"), "{error}");
    let next = Map::over(0..3_u64).workers(&workers).run(|job| job.item);
    assert_eq!(next.expect("the workers are started again").values, [0, 1, 2]);
}

#[test]
fn what_a_killed_worker_has_written_is_written_again() {
    let workers = workers(Context::Processes, 2);
    let numbers = SharedArray::from_fn(2000, |x| x as u64).expect("there is memory");
    let mut out = SharedArray::<u64>::zeros(2000).expect("there is memory");
    for at in [0, 1000, 1999_u64] {
        let path = marker("outputs");
        let map = Map::over(&numbers).output(&mut out).with((path.clone(), at)).workers(&workers);
        map.run(|job| {
            *job.out = u64::MAX;
            if *job.item == job.with.1 {
                die_once(&job.with.0);
            }
            *job.out = 3 * job.item;
        })
        .expect("nobody notices");
        assert!(out.as_slice().iter().copied().eq((0..2000).map(|x| 3 * x)));
        std::fs::remove_file(path).expect("a worker has died");
    }
}

#[test]
fn in_place_only_what_is_idempotent_is_done_again() {
    let workers = workers(Context::Processes, 2);
    let mut numbers = SharedArray::from_fn(1000, |x| x as i64).expect("there is memory");
    let path = marker("in-place");
    let map = Map::over(0..1000_u64).in_place(&mut numbers).with(path.clone()).workers(&workers);
    let died = map.share_len(10).run(|job| {
        *job.out *= 3;
        if job.index == 500 {
            die_once(job.with);
        }
    });
    let error = died.unwrap_err();
    assert!(error.to_string().contains("write `.idempotent()`"), "{error}");
    std::fs::remove_file(&path).expect("a worker has died");

    let mut numbers = SharedArray::from_fn(1000, |x| x as i64 - 500).expect("there is memory");
    let map = Map::over(0..1000_u64).in_place(&mut numbers).with(path.clone()).workers(&workers);
    let absolute = map.idempotent().share_len(10).run(|job| {
        *job.out = job.out.abs();
        if job.index == 500 {
            die_once(job.with);
        }
    });
    absolute.expect("nobody notices");
    assert!(numbers.as_slice().iter().copied().eq((-500..500).map(i64::abs)));
    std::fs::remove_file(path).expect("a worker has died");
}

#[test]
fn the_part_of_a_worker_that_dies_is_given_up_with_an_error_that_names_the_items() {
    let workers = workers(Context::Processes, 2);
    let path = marker("own-part");
    let mut counts = SharedArray::<u64>::per_worker(2, 1).expect("there is memory");
    let map = Map::over(0..1000_u64).output(per_worker(&mut counts)).with(path.clone()).workers(&workers);
    let died = map.share_len(10).run(|job| {
        job.out[0] += 1;
        if job.index == 505 {
            die_once(job.with);
        }
    });
    let error = died.unwrap_err();
    assert!(
        error.to_string().contains("a share of the items 500 to 509 of a map that works in place"),
        "{error}"
    );
    std::fs::remove_file(path).expect("a worker has died");
}

#[test]
fn a_second_map_is_told_positions_of_its_own() {
    let workers = workers(Context::Processes, 2);
    for _ in 0..3 {
        Map::over(0..100_u64).share_len(1).workers(&workers).run(|job| job.item).expect("it runs");
    }
    let deadly = Map::over(0..100_u64).share_len(1).workers(&workers).run(|job| assert_or_die(job.item != 7));
    let error = deadly.unwrap_err();
    assert_eq!((error.kind(), error.position()), (ErrorKind::Signal(6), Some(7)), "{error}");
}

/// An idle worker is killed until the pool gives up, or was too slow to do so: nobody notices before the next map.
#[test]
fn workers_that_have_ended_while_idle_are_started_again() {
    let workers = workers(Context::Processes, 2);
    let pids = || -> Vec<Option<u32>> {
        let report = workers.report().expect("nobody waits");
        report.processor("kernel").expect("it is there").lanes().iter().map(|lane| lane.pid()).collect()
    };
    let first = |last: Option<u32>| loop {
        match pids()[..] {
            [Some(pid), _] if Some(pid) != last => break Some(pid),
            [None, None] => break None,
            _ => std::thread::yield_now(),
        }
    };
    Map::over(0..10_u64).workers(&workers).run(|job| job.item).expect("it runs");
    let mut last = None;
    for _ in 0..5 {
        last = first(last);
        let Some(pid) = last else { break };
        let pid = rustix::process::Pid::from_raw(pid.cast_signed()).expect("it is a process");
        kill_process(pid, Signal::KILL).expect("it is alive");
    }
    first(last);
    let next = Map::over(0..3_u64).workers(&workers).run(|job| job.item);
    assert_eq!(next.expect("the workers are started again").values, [0, 1, 2]);
}

#[test]
fn what_ends_the_workers_ends_all_maps_on_them_and_frees_their_arrays() {
    let (workers, over) = (workers(Context::Processes, 2), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut out = SharedArray::<u64>::zeros(500).expect("there is memory");
                while !over.load(Ordering::Relaxed) {
                    let map = Map::over(0..500_u64).output(&mut out).share_len(1).workers(&workers);
                    let ended = map.run(|job| *job.out = 3 * job.item);
                    let elements = out.as_mut_slice().expect("nobody else has it any more");
                    match ended {
                        Ok(_) => assert!(elements.iter().copied().eq((0..500).map(|x| 3 * x))),
                        Err(error) => {
                            assert_eq!(
                                (error.kind(), error.position()),
                                (ErrorKind::Signal(6), None),
                                "{error}"
                            );
                            assert!(error.to_string().contains("another map on the same workers"), "{error}");
                        }
                    }
                    elements.fill(0);
                }
            });
        }
        let deadly = Map::over(0..100_u64).share_len(1).workers(&workers);
        let error = deadly.run(|job| assert_or_die(job.item != 50)).unwrap_err();
        over.store(true, Ordering::Relaxed);
        assert_eq!((error.kind(), error.position()), (ErrorKind::Signal(6), Some(50)), "{error}");
    });
    assert_eq!(Map::over(0..2_u64).workers(&workers).run(|job| job.item).expect("anew").values, [0, 1]);
}

#[test]
fn a_map_that_was_started_survives_the_death_of_a_worker() {
    let (workers, path) = (workers(Context::Processes, 2), marker("started"));
    let out = SharedArray::<u64>::zeros(1000).expect("there is memory");
    let map = Map::over(0..1000_u64).output(out).with(path.clone()).workers(&workers).in_order();
    let mut running = map
        .start(|job| {
            *job.out = 3 * job.item;
            if job.item == 500 {
                die_once(job.with);
            }
            job.item
        })
        .expect("it starts");
    let values = running.by_ref().map(|answer| answer.expect("nobody notices").value);
    assert!(values.eq(0..1000));
    let out = running.finish().expect("nobody notices").out;
    assert!(out.as_slice().iter().copied().eq((0..1000).map(|x| 3 * x)));
    std::fs::remove_file(path).expect("a worker has died");
}

#[test]
fn what_ends_the_workers_gives_the_outputs_back() {
    let workers = workers(Context::Processes, 2);
    let out = SharedArray::<u64>::zeros(100).expect("there is memory");
    let map = Map::over(0..100_u64).output(out).share_len(1).workers(&workers);
    let running = map.start(|job| {
        assert_or_die(job.item != 50);
        *job.out = job.item + 1;
    });
    let mut unfinished = running.expect("it starts").finish().unwrap_err();
    assert_eq!((unfinished.error.kind(), unfinished.error.position()), (ErrorKind::Signal(6), Some(50)));
    let elements = unfinished.out.as_mut_slice().expect("nobody else has it any more");
    assert!(elements.iter().zip(1..).all(|(element, written)| [0, written].contains(element)));
    let unwritten = elements[..50].iter().filter(|element| **element == 0).count();
    assert!(unwritten < 4 && elements[50] == 0, "two workers have two shares each");
}

fn assert_or_die(lives: bool) {
    if !lives {
        std::process::abort();
    }
}
