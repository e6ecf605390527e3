//! Wherever it starts, and however loads move: widths soon give what the best fixed ones would, and stay there.

use super::simulator::{Cost, Simulator};
use crate::graph::settings::Settings;
use crate::graph::table::{Element, Kind, Table};
use std::panic::Location;
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);

const fn element(name: &'static str, kind: Kind, from: &'static [u32], within: &'static [u32]) -> Element {
    Element { name, kind, from, within, inserted: false, pools: &[], detail: "" }
}

const fn table(elements: &'static [Element]) -> Table {
    Table { name: "test", place: Location::caller(), elements, pools: &[], groups: &[], init: None }
}

/// Three automatic forks in a row; relays stand between a join and the next fork.
static ROW: Table = table(&[
    element("source", Kind::Source, &[], &[]),
    element("pipe", Kind::Pipe, &[0], &[]),
    element("fork", Kind::Balance, &[1], &[]),
    element("a", Kind::Processor, &[2], &[2]),
    element("pipe", Kind::Pipe, &[3], &[2]),
    element("join", Kind::Merge, &[4], &[]),
    element("relay", Kind::Relay, &[5], &[]),
    element("pipe", Kind::Pipe, &[6], &[]),
    element("fork", Kind::Balance, &[7], &[]),
    element("b", Kind::Processor, &[8], &[8]),
    element("pipe", Kind::Pipe, &[9], &[8]),
    element("join", Kind::Merge, &[10], &[]),
    element("relay", Kind::Relay, &[11], &[]),
    element("pipe", Kind::Pipe, &[12], &[]),
    element("fork", Kind::Balance, &[13], &[]),
    element("c", Kind::Processor, &[14], &[14]),
    element("pipe", Kind::Pipe, &[15], &[14]),
    element("join", Kind::Merge, &[16], &[]),
    element("sink", Kind::Sink, &[17], &[]),
]);

fn settings() -> Settings {
    let mut settings = Settings::default();
    [2, 8, 14].into_iter().for_each(|fork| settings.width_auto(fork, None::<usize>));
    settings
}

/// What sources, relays and sinks need for a message.
const SMALL: Duration = Duration::from_micros(100);
/// Time to find the right widths after a change.
const TO_CONVERGE: Duration = Duration::from_millis(250);
const TO_MEASURE: Duration = Duration::from_millis(300);

/// Milliseconds that a message costs in `a`, `b` and `c`.
type Load = [u32; 3];

fn cost(load: Load, stage: &str) -> Cost {
    let at = ["a", "b", "c"].iter().position(|name| *name == stage);
    Cost::Work(at.map_or(SMALL, |at| load[at] * MS))
}

/// The cores that can be kept busy, with the best widths: all, if every stage can be wide enough. What is in the pipes
/// is of use later, so it is work that counts, and not only what has come out.
fn best(load: Load, cores: usize) -> f64 {
    let (work, small) = (load.iter().sum::<u32>() * MS, 4 * SMALL);
    let widest = load.into_iter().max().unwrap_or(1) * MS / cores.max(2) as u32;
    let message = widest.max(SMALL);
    (cores as f64).min((work + small).as_secs_f64() / message.as_secs_f64())
}

/// How often a fork has become wider after it had become narrower, or the other way round.
fn turns(changes: &[(Duration, Vec<usize>)], fork: usize) -> usize {
    let steps = changes.windows(2).map(|pair| pair[1].1[fork].cmp(&pair[0].1[fork]));
    let steps: Vec<_> = steps.filter(|step| step.is_ne()).collect();
    steps.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// Runs one load after the other, from these widths on.
fn moves(cores: usize, start: usize, loads: &[Load]) {
    let phase = TO_CONVERGE + TO_MEASURE;
    let load_at = |now: Duration| loads[(now.as_nanos() / phase.as_nanos()) as usize % loads.len()];
    let costs = |stage: &str, now: Duration| cost(load_at(now), stage);
    let mut simulator = Simulator::new(&ROW, &settings(), cores, &costs);
    simulator.force(&[start; 3]);
    for load in loads {
        simulator.run(TO_CONVERGE);
        let settled = simulator.changes.len();
        let used = simulator.run(TO_MEASURE).as_secs_f64() / TO_MEASURE.as_secs_f64();
        let best = best(*load, cores);
        let changes = &simulator.changes[settled - 1..];
        let turns = (0..3).map(|fork| turns(changes, fork)).max();
        let what = format!("{cores} cores, from {start}, load {load:?}: {used:.1} of {best:.1}, {changes:?}");
        assert!(used >= 0.9 * best, "{what}");
        assert!(turns <= Some(2), "it does not come to rest: {what}");
    }
}

#[test]
fn a_bottleneck_that_moves_is_followed_on_1_to_64_cores() {
    for cores in (1..=16).chain([20, 24, 32, 48, 64]) {
        moves(cores, 1, &[[1, 10, 2], [10, 1, 2], [2, 2, 12]]);
    }
}

#[test]
fn it_does_not_matter_how_wide_forks_are_at_the_start() {
    for cores in [2, 3, 4, 6, 12, 32, 64] {
        moves(cores, cores, &[[4, 4, 4], [1, 20, 1]]);
        moves(cores, (cores / 2).max(1), &[[20, 1, 1], [4, 4, 4]]);
    }
}

/// With one core idle lanes are parked; what runs still runs.
#[test]
fn lanes_that_are_not_needed_are_parked() {
    let load: Load = [1, 1, 1];
    // the source is what everything waits for: a message in 4 ms
    let costs = |stage: &str, _: Duration| match stage {
        "source" => Cost::Work(4 * MS),
        stage => cost(load, stage),
    };
    for cores in [2, 4, 16, 64] {
        let mut simulator = Simulator::new(&ROW, &settings(), cores, &costs);
        simulator.run(1000 * MS);
        assert_eq!(simulator.steering.widths(), [1, 1, 1], "{cores} cores: {:?}", simulator.changes);
    }
}

/// A core that waits for a disk is free for others: so such a stage gets all the lanes it may have.
#[test]
fn lanes_that_wait_without_a_core_do_not_count_as_load() {
    let costs = |stage: &str, _: Duration| match stage {
        "b" => Cost::Wait(20 * MS),
        stage => cost([1, 1, 1], stage),
    };
    let mut simulator = Simulator::new(&ROW, &settings(), 16, &costs);
    simulator.force(&[1; 3]);
    simulator.run(TO_CONVERGE);
    assert_eq!(simulator.steering.widths()[1], 16, "{:?}", simulator.changes);
}
