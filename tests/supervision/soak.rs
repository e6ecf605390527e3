//! Many replacements: they take no memory and no descriptors with them.
//! `CONVEYOR_RESTARTS=100000 cargo test --release --test supervision soak` is the long form.

use super::figures::{Figures, is_alone};
use super::victim::{PATIENCE, PLACE, replace};
use crate::harness::Place;
use conveyor::pipeline;

/// Until everything that is made once has been made.
const WARM_UP: u64 = 30;

/// Descriptors of the last dead worker that may still be open.
const FEW: usize = 5;

fn restarts() -> u64 {
    let wanted = std::env::var("CONVEYOR_RESTARTS").ok();
    wanted.map_or(150, |wanted| wanted.parse().expect("CONVEYOR_RESTARTS is a number"))
}

/// What the allocator may keep, in KiB: some of it anyway, and 20 bytes for each replacement.
fn slack() -> u64 {
    256 + restarts() / 50
}

#[test]
fn many_replacements_leave_nothing_behind() {
    if is_alone("supervision::soak::many_replacements_leave_nothing_behind") {
        soak();
    }
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
            before = Some(Figures::now());
        }
        replace(&running, "victim", 0);
        running.send(x).expect("there is room");
        assert_eq!(running.recv_timeout(PATIENCE).expect("the replacement gives it"), x + 1);
    }
    let before = before.expect("the warm-up is over");
    assert!(Figures::now().descriptors < before.descriptors + FEW);
    before.are_still_so(slack());
    let (rest, report) = running.finish().expect("the run succeeds");
    assert_eq!(rest.len(), 0);
    let replaced = report.processor("victim").expect("it is declared").lanes()[0].replaced();
    assert_eq!(replaced, WARM_UP + restarts());
}
