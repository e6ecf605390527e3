//! Many runs at once: in one program, in a child that it has forked, and in a worker of another run.

use super::forked::{forked, has_succeeded};
use super::victim::PLACE;
use crate::harness::watched;
use conveyor::{Backend, Context, Pipeline, pipeline};
use std::process::Command;

/// If it is set, this is a program that forks.
const VARIABLE: &str = "CONVEYOR_TEST_FORKS";
const COUNT: u64 = 1000;

fn farm() -> Pipeline<u64, u64> {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(16) -> balanced fork(2) { processor(|x| x + 1) } -> pipe -> join ordered;
    }
}

/// Their outputs are taken in turns.
fn at_once() {
    let backends = [Backend::Memfd, Backend::Named, Backend::Memfd, Backend::Named];
    let start = |backend| farm().context(Context::Processes).backend(backend).run(0..COUNT);
    let mut runs: Vec<_> = backends.into_iter().map(start).collect();
    for x in 0..COUNT {
        for run in &mut runs {
            assert_eq!(run.next().expect("there is more").expect("it goes on"), x + 1);
        }
    }
    assert!(runs.iter_mut().all(|run| run.next().is_none()));
}

#[test]
fn of_one_program() {
    watched("many runs", PLACE, |_| at_once());
}

#[test]
fn inside_of_a_worker() {
    watched("a run in a worker", PLACE, |place| {
        let outer = pipeline! {
            <u64 -> u64>;
            processor inner = |x: u64| {
                let outputs = farm().context(Context::Processes).run(0..x);
                outputs.map(|output| output.expect("it goes on")).sum::<u64>()
            };
            processor(|x| x) -> pipe -> inner;
        };
        assert_eq!(place.outputs(outer, [3, 100]), [6, 5050]);
    });
}

#[test]
fn the_program() {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    at_once(); // what stays in a program after its first run, the child has, too
    let child = forked(|| {
        watched("in a forked child", PLACE, |_| at_once());
        0
    });
    watched("beside a forked child", PLACE, |_| at_once());
    has_succeeded(child);
}

#[test]
fn in_a_forked_child() {
    watched("a program that forks", PLACE, |_| {
        let mut program = Command::new(std::env::current_exe().expect("a test has a file"));
        program.args(["--exact", "supervision::runs::the_program", "--nocapture"]);
        let output = program.env(VARIABLE, "1").output().expect("it can be started");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{output:?}");
    });
}
