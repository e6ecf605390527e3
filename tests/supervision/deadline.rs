//! Workers that hang, and workers that only seem to.

use super::victim::{FUSED, PLACE, pid_of, replace, send, stop};
use crate::harness::watched;
use conveyor::{ErrorKind, Processor, Result, pipeline};
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// Hangs at one number, but only once: the second worker finds a file there.
fn hang_once(x: u64, file: &std::path::Path) -> u64 {
    if x == 70 && std::fs::File::create_new(file).is_ok() {
        loop {
            std::hint::spin_loop();
        }
    }
    x
}

#[test]
fn one_that_hangs_once_is_replaced() {
    watched("hangs once", PLACE, |place| {
        let scratch = crate::harness::Scratch::new();
        let row = pipeline! {
            <u64 -> u64>(file: std::path::PathBuf = scratch.file("hung"));
            processor victim [deadline = Duration::from_secs(1)] = |x| hang_once(x, file);
            victim
        };
        let mut run = place.of(row).run(0..1000);
        assert!(run.by_ref().map(|x| x.expect("it goes on")).eq(0..1000));
        assert!(run.report().processor("victim").expect("it is declared").replaced() >= 1);
    });
}

/// Hangs, and keeps something from message to message.
struct Hangs(u64);
impl Processor for Hangs {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 += 1;
        if x == 7 {
            loop {
                std::hint::spin_loop();
            }
        }
        Ok(self.0)
    }
}

#[test]
fn one_with_state_that_hangs_ends_the_run() {
    watched("hangs with state", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim [deadline = Duration::from_millis(100)] = Hangs(0);
            victim
        };
        let error = place.error(row, 0..1000);
        assert_eq!((error.kind(), error.position()), (ErrorKind::Overdue, Some(7)), "{error}");
        assert!(error.to_string().starts_with("`victim` took too long at message 7: "), "{error}");
        assert!(error.cause().contains("has state"), "{error}");
    });
}

/// Takes longer than a neighbour's deadline for one number.
fn slow_once(x: u64) -> u64 {
    let until = Instant::now() + Duration::from_secs(2);
    while x == 3 && Instant::now() < until {
        std::thread::park_timeout(Duration::from_millis(100));
    }
    x
}

/// Waiting for room, or for input, is not working.
#[test]
fn one_that_waits_is_left_alone() {
    watched("waits", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim [deadline = Duration::from_secs(1)] = |x| x;
            processor(slow_once) -> pipe(2) -> victim -> pipe(2) -> processor(slow_once)
        };
        let mut run = place.of(row).run(0..12);
        assert!(run.by_ref().map(|x| x.expect("nobody hangs")).eq(0..12));
        assert_eq!(run.report().processor("victim").expect("it is declared").replaced(), 0);
    });
}

/// A source may take as long as it likes, also in one process with a stage that may not.
#[test]
fn a_source_that_waits_is_left_alone() {
    watched("a source that waits", FUSED, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [fuse = next] = (0..6u64).map(slow_once);
            numbers -> pipe -> processor(|x| x + 1) [deadline = Duration::from_millis(500)];
        };
        let mut run = place.of(row).run(());
        assert!(run.by_ref().map(|x| x.expect("nobody hangs")).eq(1..7));
        assert_eq!(run.report().processor("numbers").expect("it is declared").replaced(), 0);
    });
}

#[test]
fn one_that_is_stopped_for_a_while_loses_nothing() {
    watched("stopped", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim [deadline = Duration::from_secs(50)] = |x| x + 1;
            victim
        };
        let mut running = place.of(row).start().expect("it starts");
        for x in 0..5 {
            let pid = pid_of(&running, "victim", 0);
            stop(pid);
            running.send(x).expect("there is room");
            assert!(running.recv_timeout(Duration::from_millis(20)).is_err(), "it is stopped");
            send(pid, Signal::CONT);
            assert_eq!(running.recv().expect("it goes on"), x + 1);
        }
        assert_eq!(running.metrics().processor("victim").expect("it is declared").replaced(), 0);
    });
}

/// The message is taken before the worker is stopped for good.
#[test]
fn one_that_is_stopped_for_too_long_is_replaced() {
    watched("stopped for good", PLACE, |place| {
        let scratch = crate::harness::Scratch::new();
        let row = pipeline! {
            <u64 -> u64>(file: std::path::PathBuf = scratch.file("stopped"));
            processor victim [deadline = Duration::from_millis(500)] = |x| {
                if std::fs::File::create_new(file).is_ok() {
                    send(std::process::id(), Signal::STOP);
                    loop {
                        std::thread::park(); // another thread may be the first to stop
                    }
                }
                x + 1
            };
            victim
        };
        let started = Instant::now();
        let mut run = place.of(row).run([1, 2, 3]);
        assert!(run.by_ref().map(|x| x.expect("it goes on")).eq([2, 3, 4]));
        assert!(started.elapsed() >= Duration::from_millis(500), "not before the deadline");
        assert_eq!(run.report().processor("victim").expect("it is declared").replaced(), 1);
    });
}

#[test]
fn the_deadline_begins_anew_with_every_worker() {
    watched("anew", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim [deadline = Duration::from_secs(50)] = |x| x;
            victim
        };
        let mut running = place.of(row).start().expect("it starts");
        for x in 0..3 {
            running.send(x).expect("there is room");
            assert_eq!(running.recv().expect("it comes out"), x);
            replace(&running, "victim", 0);
        }
        running.finish().expect("it goes on");
    });
}
