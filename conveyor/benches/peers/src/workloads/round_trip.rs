//! One message there and back; the next one starts when it has returned. The median of all trips.

use super::{Outcome, System};
use conveyor::{Context, pipeline};
use crossbeam_channel::bounded;
use std::time::Instant;

const TRIPS: usize = 100_000;

pub const SYSTEMS: &[System] = &[
    System { name: "conveyor", context: "processes", run: ours },
    System { name: "crossbeam", context: "threads", run: crossbeam },
    System { name: "kanal", context: "threads", run: kanal },
];

/// Speeds are compared, so one item is one median trip.
fn trips(mut trip: impl FnMut(u64) -> u64) -> Outcome {
    let mut times: Vec<u64> = (0..TRIPS as u64)
        .map(|number| {
            let began = Instant::now();
            assert_eq!(trip(number), number + 1);
            began.elapsed().as_nanos() as u64
        })
        .collect();
    times.sort_unstable();
    let at = |share: f64| times[(share * (TRIPS - 1) as f64) as usize] as f64;
    let more = vec![("p50_ns".to_owned(), at(0.5)), ("p99_ns".to_owned(), at(0.99))];
    Outcome { seconds: at(0.5) / 1e9, items: 1, more }
}

fn ours() -> Outcome {
    let echo = pipeline! { <u64 -> u64>; processor(|x| x + 1) };
    let mut running = echo.context(Context::Processes).start().expect("it starts");
    trips(|number| {
        running.send(number).expect("there is room");
        running.recv().expect("it comes back")
    })
}

fn crossbeam() -> Outcome {
    let ((there, to_echo), (back, returned)) = (bounded(1024), bounded(1024));
    std::thread::spawn(move || {
        to_echo.iter().for_each(|x: u64| {
            let _ = back.send(x + 1);
        })
    });
    trips(|number| {
        there.send(number).expect("there is room");
        returned.recv().expect("it comes back")
    })
}

fn kanal() -> Outcome {
    let ((there, to_echo), (back, returned)) = (kanal::bounded(1024), kanal::bounded(1024));
    std::thread::spawn(move || {
        while let Ok(x) = to_echo.recv() {
            let x: u64 = x;
            let _ = back.send(x + 1);
        }
    });
    trips(|number| {
        there.send(number).expect("there is room");
        returned.recv().expect("it comes back")
    })
}
