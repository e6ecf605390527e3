//! How long a dead worker is missed: from `kill -9` to the first message that its replacement has handed on.
//! `cargo bench -p conveyor --bench restart`

use conveyor::{Context, Running, pipeline};
use rustix::process::{Pid, Signal, kill_process};
use std::time::{Duration, Instant};

const ROUNDS: usize = 101;

/// Which process the victim is now; none while it is being replaced.
fn pid(running: &Running<u64, u64>) -> Option<Pid> {
    let report = running.metrics();
    let pid = report.processor("victim").and_then(|victim| victim.lanes()[0].pid());
    pid.and_then(|pid| Pid::from_raw(pid.cast_signed()))
}

/// Kills, sends, and takes what comes: the time of that. `None` if the dying worker was quick enough to hand it on.
fn round(running: &mut Running<u64, u64>, message: u64) -> Option<Duration> {
    let before = pid(running);
    let began = Instant::now();
    kill_process(before.expect("it runs"), Signal::KILL).expect("it runs");
    running.send(message).expect("there is room");
    assert_eq!(running.recv().expect("it comes out"), message);
    let time = began.elapsed();
    let is_replaced = pid(running) != before;
    while pid(running).is_none_or(|pid| Some(pid) == before) {
        std::thread::yield_now();
    }
    is_replaced.then_some(time)
}

fn main() {
    let row = pipeline! {
        <u64 -> u64>;
        processor victim = |x: u64| x;
        processor(|x| x) -> pipe -> victim -> pipe -> processor(|x| x);
    };
    let mut running = row.context(Context::Processes).start().expect("it starts");
    running.send(0).expect("there is room");
    assert_eq!(running.recv().expect("it comes out"), 0);
    let mut times: Vec<_> = (0..).filter_map(|message| round(&mut running, message)).take(ROUNDS).collect();
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!("from the kill to the first message of the replacement, {ROUNDS} times");
    println!("median {:.1} ms, worst {:.1} ms", ms(times[ROUNDS / 2]), ms(times[ROUNDS - 1]));
}
