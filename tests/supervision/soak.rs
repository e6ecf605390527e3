//! Many replacements: they take no memory and no descriptors with them. They happen in a program of its own, whose figures
//! no other test changes. `CONVEYOR_RESTARTS=100000 cargo test --release --test supervision soak` is the long form.

use super::victim::{PLACE, replace};
use crate::harness::Place;
use conveyor::pipeline;
use std::fs;
use std::process::Command;

/// Until everything that is made once has been made.
const WARM_UP: u64 = 30;
/// What the allocator may keep, in pages.
const SLACK: i64 = 512;

/// Descriptors of the last dead worker that may still be open.
const FEW: usize = 5;

fn restarts() -> u64 {
    let wanted = std::env::var("CONVEYOR_RESTARTS").ok();
    wanted.map_or(150, |wanted| wanted.parse().expect("CONVEYOR_RESTARTS is a number"))
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("the system lists it").count()
}

/// Of the program that has started the run.
fn resident_pages() -> i64 {
    let sizes = fs::read_to_string("/proc/self/statm").expect("the system lists it");
    sizes.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("the second number")
}

/// If it is set, this is that program.
const VARIABLE: &str = "CONVEYOR_TEST_SOAK";

#[test]
fn many_replacements_leave_nothing_behind() {
    if std::env::var_os(VARIABLE).is_some() {
        return soak();
    }
    let mut program = Command::new(std::env::current_exe().expect("a test has a file"));
    program.args(["--exact", "supervision::soak::many_replacements_leave_nothing_behind", "--nocapture"]);
    let output = program.env(VARIABLE, "1").output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn soak() {
    let row = pipeline! {
        <u64 -> u64>;
        processor victim = |x: u64| x + 1;
        processor(|x| x) -> pipe(64) -> victim -> pipe(64);
    };
    let Place(context, backend, _) = PLACE;
    let mut running = row.context(context).backend(backend).start().expect("it starts");
    let mut before = None;
    for x in 0..WARM_UP + restarts() {
        if x == WARM_UP {
            before = Some((descriptors(), resident_pages()));
        }
        replace(&running, "victim", 0);
        running.send(x).expect("there is room");
        assert_eq!(running.recv().expect("the replacement gives it"), x + 1);
    }
    let (descriptors_before, pages_before) = before.expect("the warm-up is over");
    let grown = resident_pages() - pages_before;
    assert!(descriptors() < descriptors_before + FEW);
    assert!(grown < SLACK, "{grown} pages more than after the warm-up");
    let (rest, report) = running.finish().expect("the run succeeds");
    assert_eq!(rest.len(), 0);
    let replaced = report.processor("victim").expect("it is declared").lanes()[0].replaced();
    assert_eq!(replaced, WARM_UP + restarts());
}
