//! Neighbours in one process: who they are, and that nobody can tell the difference.

use crate::harness::Place;
use conveyor::{Context, Fuse, Pipeline, Report, Result, pipeline};
use std::hint::black_box;

in_every_context! {
    who_asks_shares_a_process parts_of_a_row_are_fused every_stage_counts_for_itself
    every_worker_of_a_fork_is_a_row_of_its_own what_is_flushed_comes_out the_slow_stage_of_a_row_is_found
}

/// All outputs, and the report.
fn all(place: Place, pipeline: Pipeline<u64, u64>, count: u64) -> (Vec<u64>, Report) {
    let mut run = place.of(pipeline).run(0..count);
    let outputs = run.by_ref().collect::<Result<_, _>>().expect("the run succeeds");
    (outputs, run.report())
}

fn who_asks_shares_a_process(place: Place) {
    let ids = pipeline! {
        <u64 -> (u32, u32)>;
        processor first [fuse = next] = |_: u64| std::process::id();
        processor second = |id: u32| (id, std::process::id());
        first -> pipe -> second
    };
    for (first, second) in place.outputs(ids, 0..10) {
        assert_eq!(first, second, "they share a process");
    }
}

/// Options keep the middle of a row out of it, and its ends together.
fn parts_of_a_row_are_fused(place: Place) {
    let row = pipeline! {
        <u64 -> (u32, u32, u32, u32)>;
        processor a [fuse = next] = |_: u64| std::process::id();
        processor b [fuse = none] = |a: u32| (a, std::process::id());
        processor c [fuse = next] = |(a, b): (u32, u32)| (a, b, std::process::id());
        processor d = |(a, b, c): (u32, u32, u32)| (a, b, c, std::process::id());
        a -> pipe(1) -> b -> pipe(1) -> c -> pipe(1) -> d
    };
    for (a, b, c, d) in place.outputs(row, 0..100) {
        assert_eq!((a, c), (b, d));
        assert_eq!(b == c, place.0 != Context::Processes, "`fuse = none` keeps them apart");
    }
}

fn every_stage_counts_for_itself(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        flat_map twice = |x: u64| [x, x];
        filter some = |x| x % 10 == 0;
        processor last = |x: u64| x + 1;
        twice -> pipe -> some -> pipe -> last
    };
    let (outputs, report) = all(place, row, 1000);
    assert_eq!(outputs, (0..1000).step_by(10).flat_map(|x| [x + 1, x + 1]).collect::<Vec<_>>());
    let counts = |name| {
        let processor = report.processor(name).expect("it is declared");
        (processor.messages_in(), processor.messages_out())
    };
    assert_eq!(["twice", "some", "last"].map(counts), [(1000, 2000), (2000, 200), (200, 200)]);
}

fn every_worker_of_a_fork_is_a_row_of_its_own(place: Place) {
    let farm = pipeline! {
        <u64 -> u64>;
        processor head = |x: u64| x;
        processor left = |x: u64| x + 1;
        processor right = |x: u64| x * 2;
        head -> pipe -> balanced fork(3) { left -> pipe -> right } -> pipe -> join ordered
    };
    let (outputs, report) = all(place, farm, 3000);
    assert_eq!(outputs, (0..3000).map(|x| (x + 1) * 2).collect::<Vec<_>>());
    for name in ["left", "right"] {
        let processor = report.processor(name).expect("it is declared");
        assert_eq!((processor.lanes().len(), processor.messages_in()), (3, 3000), "{report}");
    }
    if place.2 == Fuse::All {
        let lanes = |name| report.processor(name).expect("it is declared").lanes();
        let same = lanes("left").iter().zip(lanes("right"));
        assert!(same.into_iter().all(|(left, right)| left.messages_out() == right.messages_in()), "{report}");
    }
}

/// Gives what it has kept when the stream pauses.
struct Pairs(Option<u64>);
impl conveyor::Expand for Pairs {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl conveyor::Outlet<u64>) -> Result<()> {
        match self.0.take() {
            Some(before) => out.push(before + x),
            None => {
                self.0 = Some(x);
                Ok(())
            }
        }
    }
    fn flush(&mut self, out: &mut impl conveyor::Outlet<u64>) -> Result<()> {
        self.0.take().map_or(Ok(()), |rest| out.push(rest))
    }
}

fn what_is_flushed_comes_out(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> processor(Pairs(None)) -> pipe -> processor(Pairs(None)) -> pipe -> processor(|x| x * 10)
    };
    let mut running = place.of(row).start().expect("it starts");
    for x in [1, 2, 4] {
        running.send(x).expect("there is room");
    }
    let drained: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
    assert_eq!(drained, [70], "what one keeps passes through the next");
    let (rest, _) = running.finish().expect("the run succeeds");
    assert!(rest.is_empty());
}

/// Each stage of a row has its own part of the time that its process has.
fn the_slow_stage_of_a_row_is_found(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor before [fuse = next] = |x: u64| x + 1;
        processor slow [fuse = next] = |x: u64| (0..20_000).fold(x, |x, round| black_box(x ^ round ^ round));
        processor behind = |x: u64| x + 1;
        before -> pipe -> slow -> pipe -> behind
    };
    let (outputs, report) = all(place, row, 500);
    assert_eq!(outputs, (2..502).collect::<Vec<_>>());
    assert_eq!(report.bottleneck().map(|slow| slow.name()), Some("slow"), "{report}");
    let [before, slow, behind] = ["before", "slow", "behind"].map(|name| {
        let processor = report.processor(name).expect("it is declared");
        (processor.busy(), processor.step_p50().expect("some were timed"))
    });
    assert!(slow.0 > before.0 && slow.0 > behind.0, "{report}");
    assert!(slow.1 > before.1 && slow.1 > behind.1, "{report}");
}
