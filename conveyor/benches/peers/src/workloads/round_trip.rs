//! One message there and back; the next one starts when it has returned. The median of all trips.

use super::bare_ring::Index;
use super::{Outcome, System, quantile, system};
use crate::scale::Scale;
use crate::usage::Spent;
use conveyor::{Context, pipeline};
use crossbeam_channel::{Receiver, TryRecvError, bounded};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

const TRIPS: u64 = 100_000;

pub const SYSTEMS: &[System] = &[
    system("conveyor", "processes", ours),
    system("crossbeam", "threads", crossbeam),
    system("crossbeam-polling", "threads", crossbeam_polling),
    system("kanal", "threads", kanal),
    system("bare-line", "threads", bare_line),
];

/// Speeds are compared, so one item is one median trip.
fn trips(scale: Scale, mut trip: impl FnMut(u64) -> u64) -> Outcome {
    let mut times: Vec<u64> = (0..scale.items(TRIPS))
        .map(|number| {
            let began = Instant::now();
            assert_eq!(trip(number), number + 1);
            began.elapsed().as_nanos() as u64
        })
        .collect();
    drop(trip); // and with it the run, whose workers count from then on
    times.sort_unstable();
    let at = |share: f64| quantile(&times, share) as f64;
    let more = vec![("p50_ns".to_owned(), at(0.5)), ("p99_ns".to_owned(), at(0.99))];
    Outcome { spent: Spent::taking(at(0.5) / 1e9), items: 1, more }
}

fn ours(scale: Scale) -> Outcome {
    let echo = pipeline! { <u64 -> u64>; processor(|x| x + 1) };
    let mut running = echo.context(Context::Processes).start().expect("it starts");
    trips(scale, move |number| {
        running.send(number).expect("there is room");
        running.recv().expect("it comes back")
    })
}

fn crossbeam(scale: Scale) -> Outcome {
    let ((there, to_echo), (back, returned)) = (bounded(1024), bounded(1024));
    std::thread::spawn(move || {
        to_echo.iter().for_each(|x: u64| {
            let _ = back.send(x + 1);
        })
    });
    trips(scale, |number| {
        there.send(number).expect("there is room");
        returned.recv().expect("it comes back")
    })
}

/// The same with ends that never sleep.
fn crossbeam_polling(scale: Scale) -> Outcome {
    fn poll(from: &Receiver<u64>) -> Option<u64> {
        loop {
            match from.try_recv() {
                Ok(number) => return Some(number),
                Err(TryRecvError::Empty) => std::hint::spin_loop(),
                Err(TryRecvError::Disconnected) => return None,
            }
        }
    }
    let ((there, to_echo), (back, returned)) = (bounded(1024), bounded(1024));
    std::thread::spawn(move || {
        while let Some(number) = poll(&to_echo) {
            let _ = back.send(number + 1);
        }
    });
    trips(scale, |number| {
        there.send(number).expect("there is room");
        poll(&returned).expect("it comes back")
    })
}

fn kanal(scale: Scale) -> Outcome {
    let ((there, to_echo), (back, returned)) = (kanal::bounded(1024), kanal::bounded(1024));
    std::thread::spawn(move || {
        while let Ok(x) = to_echo.recv() {
            let x: u64 = x;
            let _ = back.send(x + 1);
        }
    });
    trips(scale, |number| {
        there.send(number).expect("there is room");
        returned.recv().expect("it comes back")
    })
}

/// What no queue can do without: one line for each way, in which the number is what tells of itself.
fn bare_line(scale: Scale) -> Outcome {
    let lines = Arc::new([Index::default(), Index::default()]);
    let count = scale.items(TRIPS);
    let echo = Arc::clone(&lines);
    let wait = |line: &Index, number| {
        while line.0.load(Ordering::Acquire) != number {
            std::hint::spin_loop();
        }
    };
    let answers = std::thread::spawn(move || {
        for number in 1..=count {
            wait(&echo[0], number);
            echo[1].0.store(number, Ordering::Release);
        }
    });
    let outcome = trips(scale, |number| {
        lines[0].0.store(number + 1, Ordering::Release);
        wait(&lines[1], number + 1);
        number + 1
    });
    answers.join().expect("it answers");
    outcome
}
