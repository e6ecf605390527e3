use super::{Fusing, Inlet, Limits, Plan, Steered, Tap, build};
use crate::graph::options::{Fuse, OnPoison, Policy, Restart};
use crate::graph::settings::Settings;
use crate::graph::table::{Element, Kind, Table};
use crate::ring::WhenFull;
use std::panic::Location;
use std::time::Duration;

const fn element(name: &'static str, kind: Kind, from: &'static [u32], within: &'static [u32]) -> Element {
    Element { name, kind, from, within, inserted: false, pools: &[], detail: "" }
}

const fn table(elements: &'static [Element]) -> Table {
    Table { name: "test", place: Location::caller(), elements, pools: &[], groups: &[], init: None }
}

const LIMITS: Limits = Limits { workers: 4, cores: 4, fusing: Fusing::Asked(Fuse::None) };

fn plan(table: &'static Table, settings: &Settings) -> Plan {
    build(table, settings, LIMITS).expect("a good table")
}

fn tap(ring: usize, group: usize, member: usize) -> Tap {
    Tap { ring, group, member }
}

#[test]
fn lanes_of_a_fork_share_one_ring_and_their_rings_are_joined_in_order() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("pipe", Kind::Pipe, &[0], &[]),
        element("fork", Kind::Balance, &[1], &[]),
        element("work", Kind::Processor, &[2], &[2]),
        element("pipe", Kind::Pipe, &[3], &[2]),
        element("join", Kind::Ordered, &[4], &[]),
        element("sink", Kind::Sink, &[5], &[]),
    ]);
    let mut settings = Settings::default();
    settings.width(2, 2);
    settings.capacity(1, 7);
    let plan = plan(&TABLE, &settings);
    let inlets: Vec<_> = plan.lanes.iter().map(|lane| lane.inlet.clone()).collect();
    let expected = [
        None,
        Some(Inlet::Share(tap(0, 0, 0))),
        Some(Inlet::Share(tap(0, 0, 1))),
        Some(Inlet::Ordered(vec![tap(1, 0, 0), tap(2, 0, 0)])),
    ];
    assert_eq!(inlets, expected);
    let source = plan.lanes[0].outlet.as_ref().expect("written");
    assert_eq!((source.capacity, source.depth), (Some(7), 0));
    assert!(source.groups[0].shared && source.groups[0].opens == 1);
    assert_eq!(plan.lanes[2].outlet.as_ref().map(|ring| (ring.depth, ring.groups[0].part)), Some((1, 1)));
}

#[test]
fn identity_branches_read_the_ring_before_the_fork() {
    static TABLE: Table = table(&[
        element("input", Kind::Input, &[], &[]),
        element("pipe", Kind::Pipe, &[0], &[]),
        element("head", Kind::Processor, &[1], &[]),
        element("pipe", Kind::Pipe, &[2], &[]),
        element("fork", Kind::Replicate, &[3], &[]),
        element("pipe", Kind::Pipe, &[4], &[]),
        element("branch", Kind::Processor, &[4], &[]),
        element("pipe", Kind::Pipe, &[6], &[]),
        element("join", Kind::Zip, &[5, 7], &[]),
        element("output", Kind::Output, &[8], &[]),
    ]);
    let plan = plan(&TABLE, &Settings::default());
    let names: Vec<_> = plan.lanes.iter().map(|lane| lane.first().name).collect();
    assert_eq!(names, ["input", "head", "branch", "output"]);
    assert_eq!(plan.lanes[2].inlet, Some(Inlet::Whole(tap(1, 0, 0))));
    assert_eq!(plan.lanes[3].inlet, Some(Inlet::Zip(8, vec![tap(1, 1, 0), tap(2, 0, 0)])));
    let ring = plan.lanes[1].outlet.as_ref().expect("written");
    assert_eq!((ring.fork, ring.groups.len(), ring.depth), (Some(4), 2, 0));
}

#[test]
fn every_branch_of_a_replicated_fork_is_a_group_of_its_own() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("pipe", Kind::Pipe, &[0], &[]),
        element("fork", Kind::Replicate, &[1], &[]),
        element("a", Kind::Sink, &[2], &[]),
        element("b", Kind::Sink, &[2], &[]),
    ]);
    let plan = plan(&TABLE, &Settings::default());
    let members: Vec<_> =
        plan.lanes[0].outlet.iter().flat_map(|ring| &ring.groups).map(|group| &group.members).collect();
    assert_eq!(members, [&[1], &[2]]);
}

#[test]
fn nested_forks_multiply_lanes_and_columns() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("pipe", Kind::Pipe, &[0], &[]),
        element("outer", Kind::Balance, &[1], &[]),
        element("a", Kind::Processor, &[2], &[2]),
        element("pipe", Kind::Pipe, &[3], &[2]),
        element("inner", Kind::Balance, &[4], &[2]),
        element("b", Kind::Processor, &[5], &[2, 5]),
        element("pipe", Kind::Pipe, &[6], &[2, 5]),
        element("inner join", Kind::Ordered, &[7], &[2]),
        element("c", Kind::Processor, &[8], &[2]),
        element("pipe", Kind::Pipe, &[9], &[2]),
        element("outer join", Kind::Ordered, &[10], &[]),
        element("sink", Kind::Sink, &[11], &[]),
    ]);
    let mut settings = Settings::default();
    settings.width(2, 2);
    settings.width_auto(5, Some(3));
    let plan = plan(&TABLE, &settings);
    // 0: source, 1..=2: a, 3..=8: b, 9..=10: c, 11: sink
    assert_eq!(plan.lanes.len(), 12);
    assert_eq!(plan.lanes[7].inlet, Some(Inlet::Share(tap(2, 0, 1))));
    assert_eq!(plan.lanes[10].inlet, Some(Inlet::Ordered(vec![tap(6, 0, 0), tap(7, 0, 0), tap(8, 0, 0)])));
    assert_eq!(plan.lanes[11].inlet, Some(Inlet::Ordered(vec![tap(9, 0, 0), tap(10, 0, 0)])));
    let depths: Vec<_> =
        plan.lanes.iter().filter_map(|lane| lane.outlet.as_ref()).map(|ring| ring.depth).collect();
    assert_eq!(depths, [0, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1]);
}

#[test]
fn unlike_branches_share_one_group() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("pipe", Kind::Pipe, &[0], &[]),
        element("fork", Kind::Balance, &[1], &[]),
        element("a", Kind::Processor, &[2], &[]),
        element("relay", Kind::Relay, &[2], &[]),
        element("pipe", Kind::Pipe, &[3], &[]),
        element("pipe", Kind::Pipe, &[4], &[]),
        element("join", Kind::Merge, &[5, 6], &[]),
        element("sink", Kind::Sink, &[7], &[]),
    ]);
    let plan = plan(&TABLE, &Settings::default());
    assert_eq!(plan.lanes[1].inlet, Some(Inlet::Share(tap(0, 0, 0))));
    assert_eq!(plan.lanes[2].inlet, Some(Inlet::Share(tap(0, 0, 1))));
    assert_eq!(plan.lanes[3].inlet, Some(Inlet::Merge(vec![tap(1, 0, 0), tap(2, 0, 0)])));
}

#[test]
fn a_count_or_a_capacity_of_0_is_refused_by_name() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("narrow", Kind::Pipe, &[0], &[]),
        element("fork", Kind::Balance, &[1], &[]),
        element("sink", Kind::Sink, &[2], &[2]),
    ]);
    let mut settings = Settings::default();
    settings.width(2, 0);
    let error = build(&TABLE, &settings, LIMITS).expect_err("no workers");
    assert!(error.to_string().starts_with("`fork`: CV015"), "{error}");
    settings.width(2, 1);
    settings.capacity(1, 0);
    let error = build(&TABLE, &settings, LIMITS).expect_err("no room");
    assert!(error.to_string().starts_with("`narrow`: CV015"), "{error}");
}

static FARM: Table = table(&[
    element("source", Kind::Source, &[], &[]),
    element("narrow", Kind::Pipe, &[0], &[]),
    element("fork", Kind::Balance, &[1], &[]),
    element("work", Kind::Processor, &[2], &[2]),
    element("pipe", Kind::Pipe, &[3], &[2]),
    element("join", Kind::Ordered, &[4], &[]),
    element("sink", Kind::Sink, &[5], &[]),
]);

#[test]
fn an_option_of_0_is_refused_by_name() {
    let refused = |set: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        settings.width(2, 2);
        set(&mut settings);
        build(&FARM, &settings, LIMITS).expect_err("it can never be obeyed").to_string()
    };
    assert!(refused(&|settings| settings.batch(1, 0)).starts_with("`narrow`: CV015: `batch`"));
    assert!(refused(&|settings| settings.window(2, 0)).starts_with("`fork`: CV015: `window`"));
    assert!(refused(&|settings| settings.restart(3, Restart::OnCrash(0))).starts_with("`work`: CV015"));
    assert!(
        refused(&|settings| settings.deadline(6, Duration::ZERO)).starts_with("`sink`: CV015: `deadline`")
    );
}

#[test]
fn chunks_turns_windows_and_drops_keep_others_waiting_before_a_ring_is_full() {
    const WORK: Element = Element { pools: &[0], ..element("work", Kind::Processor, &[2], &[2]) };
    static WITH_POOL: Table = Table {
        pools: &["chunks"],
        ..table(&[
            element("source", Kind::Source, &[], &[]),
            element("pipe", Kind::Pipe, &[0], &[]),
            element("fork", Kind::Balance, &[1], &[]),
            WORK,
            element("pipe", Kind::Pipe, &[3], &[2]),
            element("join", Kind::Merge, &[4], &[]),
            element("sink", Kind::Sink, &[5], &[]),
        ])
    };
    let waits = |table, set: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        settings.width(2, 2);
        set(&mut settings);
        plan(table, &settings).waits_for_rings()
    };
    assert!(waits(&FARM, &|settings| settings.batch(1, 2)));
    assert!(!waits(&FARM, &|settings| settings.policy(2, Policy::RoundRobin)));
    assert!(!waits(&FARM, &|settings| settings.window(2, 8)));
    assert!(!waits(&FARM, &|settings| settings.when_full(4, WhenFull::DropNewest)));
    assert!(!waits(&WITH_POOL, &|_| {}));
}

#[test]
fn options_stand_in_the_plan_and_in_its_text() {
    let mut settings = Settings::default();
    settings.width(2, 2);
    settings.capacity(1, 4);
    settings.batch(1, 2);
    settings.when_full(1, WhenFull::DropOldest);
    settings.policy(2, Policy::RoundRobin);
    settings.window(2, 8);
    settings.stateless(3, true);
    settings.on_poison(6, OnPoison::Skip);
    let plan = plan(&FARM, &settings);
    let expected = "   0  source  -> ring 0 of 4, batch 2, drops the oldest
   1  work#0  <- share 0 of 2 of ring 0 in turn in a window of 8  -> ring 1, 1 tag(s)  [stateless]
   2  work#1  <- share 1 of 2 of ring 0 in turn in a window of 8  -> ring 2, 1 tag(s)  [stateless]
   3  sink  <- ordered of rings 1, 2  [on_poison = skip]
";
    assert_eq!(plan.to_string(), expected);
    let group = &plan.lanes[0].outlet.as_ref().expect("written").groups[0];
    assert_eq!((group.gate, plan.gated_by(3).collect::<Vec<_>>()), (Some(3), vec![1, 2]));
    assert_eq!((0..4).map(|lane| plan.drops(lane)).collect::<Vec<_>>(), [false, true, true, false]);
    assert_eq!(plan.dropping_pipes(), [("narrow", vec![0])]);
    let error = plan.without_processes("serial").expect_err("nobody can be replaced");
    assert!(error.to_string().contains("`[on_poison]` needs the processes context"), "{error}");
    assert_eq!(error.processor(), Some("sink"));
}

#[test]
fn the_width_of_an_automatic_fork_may_change_unless_its_lanes_take_turns() {
    let steered = |set: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        settings.width_auto(2, Some(3));
        set(&mut settings);
        plan(&FARM, &settings)
    };
    let plan = steered(&|_| {});
    let groups: Vec<_> = plan.steered().collect();
    assert_eq!(groups, [Steered { fork: 2, writer: 0, group: 0, workers: vec![vec![1], vec![2], vec![3]] }]);
    assert!(plan.to_string().contains("share 2 of up to 3 of ring 0"), "{plan}");
    assert_eq!(steered(&|settings| settings.policy(2, Policy::RoundRobin)).steered().count(), 0);
    assert_eq!(steered(&|settings| settings.width(2, 3)).steered().count(), 0);
    assert_eq!(steered(&|settings| settings.width_auto(2, Some(1))).steered().count(), 0);
}

#[test]
fn a_worker_is_all_that_stands_behind_its_share_up_to_the_join() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("pipe", Kind::Pipe, &[0], &[]),
        element("outer", Kind::Balance, &[1], &[]),
        element("a", Kind::Processor, &[2], &[2]),
        element("pipe", Kind::Pipe, &[3], &[2]),
        element("inner", Kind::Balance, &[4], &[2]),
        element("b", Kind::Processor, &[5], &[2, 5]),
        element("pipe", Kind::Pipe, &[6], &[2, 5]),
        element("inner join", Kind::Merge, &[7], &[2]),
        element("c", Kind::Processor, &[8], &[2]),
        element("pipe", Kind::Pipe, &[9], &[2]),
        element("outer join", Kind::Merge, &[10], &[]),
        element("sink", Kind::Sink, &[11], &[]),
    ]);
    let mut settings = Settings::default();
    settings.width_auto(2, Some(2));
    settings.width_auto(5, Some(2));
    let plan = plan(&TABLE, &settings);
    // 0: source, 1..=2: a, 3..=6: b, 7..=8: c, 9: sink
    let workers: Vec<_> = plan.steered().map(|group| (group.fork, group.writer, group.workers)).collect();
    let expected = [
        (2, 0, vec![vec![1, 3, 4, 7], vec![2, 5, 6, 8]]),
        (5, 1, vec![vec![3], vec![4]]),
        (5, 2, vec![vec![5], vec![6]]),
    ];
    assert_eq!(workers, expected);
}

#[test]
fn a_zip_has_tags_only_if_messages_may_be_dropped_in_it() {
    static TABLE: Table = table(&[
        element("source", Kind::Source, &[], &[]),
        element("before", Kind::Pipe, &[0], &[]),
        element("fork", Kind::Replicate, &[1], &[]),
        element("a", Kind::Processor, &[2], &[]),
        element("inside", Kind::Pipe, &[3], &[]),
        element("b", Kind::Processor, &[2], &[]),
        element("beside", Kind::Pipe, &[5], &[]),
        element("join", Kind::Zip, &[4, 6], &[]),
        element("sink", Kind::Sink, &[7], &[]),
    ]);
    let depths = |pipe: u32, when_full| {
        let mut settings = Settings::default();
        settings.when_full(pipe, when_full);
        let plan = plan(&TABLE, &settings);
        let depths: Vec<_> =
            plan.lanes.iter().filter_map(|lane| lane.outlet.as_ref()).map(|ring| ring.depth).collect();
        let opens: Vec<_> =
            plan.lanes[0].outlet.iter().flat_map(|ring| &ring.groups).map(|group| group.opens).collect();
        (depths, opens, plan.lanes[3].depth)
    };
    let (plain, tagged) = ((vec![0, 0, 0], vec![0, 0], 0), (vec![0, 1, 1], vec![1, 1], 0));
    assert_eq!(depths(4, WhenFull::Block), plain);
    assert_eq!(depths(4, WhenFull::DropNewest), tagged);
    assert_eq!(depths(6, WhenFull::DropOldest), tagged);
    // both branches miss the same messages, or each reader skips for itself
    assert_eq!(depths(1, WhenFull::DropNewest), plain);
    assert_eq!(depths(1, WhenFull::DropOldest), tagged);
}
