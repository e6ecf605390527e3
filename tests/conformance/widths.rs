//! `balanced fork(auto)`: the same messages come out however wide it is, the report shows how wide it was, and with
//! nothing to do it costs nothing.

use crate::harness::{Place, sorted};
use conveyor::{Context, RecvTimeoutError, Report, pipeline};
use std::fs;
use std::time::Duration;

in_every_context! {
    loads_that_move_and_pauses_change_nothing
    a_report_shows_the_widths_of_automatic_forks,
    processes only: an_idle_automatic_fork_wakes_nobody
}

fn work(amount: u64) {
    std::hint::black_box((0..amount).fold(0_u64, |sum, x| sum ^ std::hint::black_box(x)));
}

fn loads_that_move_and_pauses_change_nothing(place: Place) {
    let two = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(64)
            -> balanced fork(auto) [max = 3] { processor(|x| { work(if x % 2000 < 1000 { 2000 } else { 10 }); x }) }
            -> pipe(64) -> join ordered -> pipe(64)
            -> balanced fork(auto) { processor(|x| { work(if x % 2000 < 1000 { 10 } else { 2000 }); x + 1 }) }
            -> pipe(64) -> join merge
    };
    let mut running = place.of(two).start().expect("it starts");
    for batch in 0..6 {
        let messages = batch * 1000..(batch + 1) * 1000;
        for message in messages.clone() {
            running.send(message).expect("the first pipe has room for all of them");
        }
        let got: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
        assert_eq!(sorted(got), messages.map(|x| x + 1).collect::<Vec<_>>());
    }
    running.finish().expect("it ends");
}

fn checked(report: &Report) {
    for width in report.widths() {
        let (narrowest, widest, lanes) = (width.narrowest(), width.widest(), width.lanes());
        assert!(1 <= narrowest && narrowest <= widest && widest <= lanes, "{report}");
        assert!(narrowest as f64 - 1e-6 <= width.mean() && width.mean() <= widest as f64 + 1e-6, "{report}");
        let within = |part: &f64| (narrowest as f64 - 1e-6..=widest as f64 + 1e-6).contains(part);
        assert!(width.timeline().iter().all(within), "{report}");
        assert!(width.timeline().len() <= 64 && !width.slice().is_zero(), "{report}");
        assert!(report.to_string().contains(&format!("width of `{}`: ", width.processor())), "{report}");
    }
}

fn a_report_shows_the_widths_of_automatic_forks(place: Place) {
    let three = pipeline! {
        <u64 -> u64>;
        processor changing = |x| x;
        processor fixed = |x| x;
        processor turning = |x| x;
        processor(|x| x) -> pipe -> balanced fork(auto) { changing } -> pipe -> join merge
            -> pipe -> balanced fork(2) { fixed } -> pipe -> join merge
            -> pipe -> balanced fork(auto) [policy = round_robin] { turning } -> pipe -> join merge
    };
    let mut run = place.of(three).run(0..5000);
    assert_eq!(run.by_ref().filter(Result::is_ok).count(), 5000);
    let report = run.report();
    checked(&report);
    let names: Vec<_> = report.widths().iter().map(conveyor::WidthReport::processor).collect();
    let may_change =
        place.0 != Context::Serial && report.processor("changing").expect("it is there").lanes().len() > 1;
    assert_eq!(names, if may_change { &["changing"][..] } else { &[] });
}

/// How often the thread that sets widths has given up its core to wait; `None` if there is none.
fn waits() -> Option<u64> {
    fs::read_dir("/proc/self/task").expect("a process has threads").find_map(|task| {
        let task = task.ok()?.path();
        let name = fs::read_to_string(task.join("comm")).ok()?;
        let status = fs::read_to_string(task.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        (name.trim() == "conveyor widths").then(|| line.trim().parse().expect("a number"))
    })
}

fn an_idle_automatic_fork_wakes_nobody(place: Place) {
    let farm = pipeline! {
        <u64 -> u64>;
        processor worker = |x| x;
        processor(|x| x) -> pipe -> balanced fork(auto) { worker } -> pipe -> join merge
    };
    let mut running = place.of(farm).start().expect("it starts");
    for round in 0..3 {
        running.send(round).expect("there is room");
        assert_eq!(running.recv().expect("it comes out"), round);
        if running.metrics().widths().is_empty() {
            continue; // one core: there is nothing to set
        }
        // after some looks at which nothing has moved it sleeps, and does not look any more
        let mut before = None;
        loop {
            let nothing = running.recv_timeout(Duration::from_millis(300));
            assert!(matches!(nothing, Err(RecvTimeoutError::Timeout)), "{nothing:?}");
            let now = waits();
            assert!(now.is_some(), "widths are set by a thread");
            if now == before {
                break;
            }
            before = now;
        }
    }
}
