//! Many runs at once: in one program, in a child that it has forked, and in a worker of another run.

use super::figures::is_alone;
use super::forked::{forked, has_succeeded};
use super::victim::PLACE;
use crate::harness::watched;
use conveyor::{Backend, Context, Pipeline, pipeline};

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
fn in_a_forked_child() {
    watched("a program that forks", PLACE, |_| {
        if is_alone("supervision::runs::in_a_forked_child") {
            at_once(); // what stays in a program after its first run, the child has, too
            let child = forked(|| {
                watched("in a forked child", PLACE, |_| at_once());
                0
            });
            at_once();
            has_succeeded(child);
        }
    });
}
