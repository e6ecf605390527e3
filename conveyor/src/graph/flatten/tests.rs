use super::{Flat, Numbers, flat};
use crate::graph::options::Fuse;
use crate::graph::plan::{self, Fusing, Limits};
use crate::graph::settings::Settings;
use crate::graph::table::{Element, Kind, Table};
use std::panic::Location;

const fn element(name: &'static str, kind: Kind, from: &'static [u32], within: &'static [u32]) -> Element {
    Element { name, kind, from, within, inserted: false, pools: &[], detail: "" }
}

const fn inserted(name: &'static str, kind: Kind, from: &'static [u32], within: &'static [u32]) -> Element {
    Element { inserted: true, ..element(name, kind, from, within) }
}

const fn table(elements: &'static [Element], groups: &'static [&'static [u32]]) -> Table {
    Table { name: "test", place: Location::caller(), elements, pools: &["frames"], groups, init: None }
}

/// Ends in a stage, behind which a pipe is written.
static ROW: Table = table(
    &[
        inserted("input", Kind::Input, &[], &[]),
        inserted("pipe", Kind::Pipe, &[0], &[]),
        Element { pools: &[0], ..element("a", Kind::Processor, &[1], &[]) },
        element("pipe", Kind::Pipe, &[2], &[]),
        element("b", Kind::Processor, &[3], &[]),
        Element { detail: "9", ..element("wide", Kind::Pipe, &[4], &[]) },
        inserted("output", Kind::Output, &[5], &[]),
    ],
    &[&[2, 4]],
);

/// Ends in a join.
static SHARED: Table = table(
    &[
        inserted("input", Kind::Input, &[], &[]),
        inserted("pipe", Kind::Pipe, &[0], &[]),
        element("head", Kind::Processor, &[1], &[]),
        element("pipe", Kind::Pipe, &[2], &[]),
        element("fork", Kind::Balance, &[3], &[]),
        element("work", Kind::Processor, &[4], &[4]),
        element("pipe", Kind::Pipe, &[5], &[4]),
        element("join", Kind::Merge, &[6], &[]),
        inserted("output", Kind::Output, &[7], &[]),
    ],
    &[&[2], &[5]],
);

/// Closed by a source.
static SOURCE: Table = table(
    &[
        element("numbers", Kind::Source, &[], &[]),
        inserted("pipe", Kind::Pipe, &[0], &[]),
        inserted("output", Kind::Output, &[1], &[]),
    ],
    &[&[0]],
);

/// Both of them, the second one by two workers.
static OUTER: Table = table(
    &[
        inserted("input", Kind::Input, &[], &[]),
        inserted("pipe", Kind::Pipe, &[0], &[]),
        element("row", Kind::Pipeline, &[1], &[]),
        inserted("relay", Kind::Relay, &[2], &[]),
        inserted("pipe4", Kind::Pipe, &[3], &[]),
        element("fork", Kind::Balance, &[4], &[]),
        element("shared", Kind::Pipeline, &[5], &[5]),
        inserted("relay", Kind::Relay, &[6], &[5]),
        element("last", Kind::Pipe, &[7], &[5]),
        element("join", Kind::Merge, &[8], &[]),
        inserted("output", Kind::Output, &[9], &[]),
    ],
    &[&[3], &[7]],
);

/// `name(predecessors)`, in braces the forks around, in brackets what is inserted.
fn shown(flat: &Flat) -> Vec<String> {
    let numbers = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let shown = flat.table.elements.iter().map(|element| {
        let within = match element.within {
            [] => String::new(),
            within => format!("{{{}}}", numbers(within)),
        };
        let text = format!("{}({}){within}", element.name, numbers(element.from));
        if element.inserted { format!("[{text}]") } else { text }
    });
    shown.collect()
}

fn plain(table: &'static Table) -> &'static Flat {
    flat(table, Vec::new())
}

fn outer() -> &'static Flat {
    flat(&OUTER, vec![(2, plain(&ROW)), (6, plain(&SHARED))])
}

#[test]
fn a_table_without_pipelines_stays_as_it_is() {
    let flat = plain(&ROW);
    assert_eq!(flat.table.fingerprint(), ROW.fingerprint());
    assert_eq!(
        (flat.numbers.element(5), flat.numbers.group(0), flat.numbers.pool(0)),
        (Some(5), Some(0), Some(0))
    );
    assert_eq!(flat.numbers.count(), 0);
    assert!(std::ptr::eq(flat, plain(&ROW)), "nothing is made twice");
}

#[test]
fn open_ends_become_one_with_the_arrows_around() {
    let flat = outer();
    let expected = [
        "[input()]",
        "[pipe(0)]",
        "row/a(1)",
        "row/pipe(2)",
        "row/b(3)",
        "row/wide(4)", // was inserted behind the pipeline, which says more about it
        "fork(5)",
        "shared/head(6){6}",
        "shared/pipe(7){6}",
        "shared/fork(8){6}",
        "shared/work(9){6,9}",
        "shared/pipe(10){6,9}",
        "shared/join(11){6}",
        "[relay(12){6}]",
        "last(13){6}",
        "join(14)",
        "[output(15)]",
    ];
    assert_eq!(shown(flat), expected);
    assert_eq!(flat.table.elements[5].detail, "9");
    assert_eq!(flat.table.pools, ["frames", "row/frames", "shared/frames"]);
    assert_eq!(flat.table.elements[2].pools, [1]);
    assert_eq!(flat.table.groups, [&[13][..], &[2, 4], &[7], &[10]]);

    let numbers = &flat.numbers;
    assert_eq!(
        [0, 2, 3, 4, 7].map(|number| numbers.element(number)),
        [Some(0), None, None, Some(5), Some(13)]
    );
    assert_eq!((numbers.group(0), numbers.group(1)), (None, Some(0)));
    let row = numbers.part(2).expect("a pipeline");
    assert_eq!([0, 1, 2, 5, 6].map(|number| row.element(number)), [None, None, Some(2), Some(5), None]);
    assert_eq!((row.name(), row.group(0), row.pool(0)), ("row", Some(1), Some(1)));
    assert!(row.has_element(4) && !row.has_element(7) && row.has_group(1) && !row.has_group(2));
}

#[test]
fn a_source_leaves_no_open_head_and_depth_is_no_limit() {
    static INNER: Table = table(
        &[
            inserted("input", Kind::Input, &[], &[]),
            inserted("pipe", Kind::Pipe, &[0], &[]),
            element("source", Kind::Pipeline, &[1], &[]),
            element("pipe", Kind::Pipe, &[2], &[]),
            element("row", Kind::Pipeline, &[3], &[]),
            inserted("pipe", Kind::Pipe, &[4], &[]),
            inserted("output", Kind::Output, &[5], &[]),
        ],
        &[],
    );
    static OUTER: Table = table(
        &[
            inserted("input", Kind::Input, &[], &[]),
            inserted("pipe", Kind::Pipe, &[0], &[]),
            element("deep", Kind::Pipeline, &[1], &[]),
            element("pipe", Kind::Pipe, &[2], &[]),
            element("sink", Kind::Sink, &[3], &[]),
        ],
        &[&[4]],
    );
    let inner = flat(&INNER, vec![(2, plain(&SOURCE)), (4, plain(&ROW))]);
    let expected =
        ["source/numbers()", "pipe(0)", "row/a(1)", "row/pipe(2)", "row/b(3)", "row/wide(4)", "[output(5)]"];
    assert_eq!(shown(inner), expected);
    let outer = flat(&OUTER, vec![(2, inner)]);
    let expected = [
        "deep/source/numbers()",
        "deep/pipe(0)",
        "deep/row/a(1)",
        "deep/row/pipe(2)",
        "deep/row/b(3)",
        "pipe(4)",
        "sink(5)",
    ];
    assert_eq!(shown(outer), expected);
    assert_eq!(outer.table.groups, [&[6][..], &[0], &[2, 4]]);
    let deep = outer.numbers.part(2).expect("a pipeline");
    let ordinals = [Some(deep), deep.part(2), deep.part(4)].map(|part| part.map(|part| part.ordinal()));
    assert_eq!((ordinals, outer.numbers.count()), ([Some(0), Some(1), Some(2)], 3));
    let row = outer.numbers.part(2).and_then(|deep| deep.part(4)).expect("two levels down");
    assert_eq!(
        (row.name(), row.element(4), row.element(5), row.pool(0)),
        ("deep/row", Some(4), Some(5), Some(3))
    );
}

#[test]
fn settings_reach_the_elements_they_are_of() {
    let numbers = &outer().numbers;
    let mut settings = Settings::default();
    let mut add = |own: Settings, numbers: &Numbers| {
        settings.add(own, |element| numbers.element(element), |pool| numbers.pool(pool));
    };
    let mut own = Settings::default();
    own.width(5, 2);
    own.capacity(8, 6);
    add(own, numbers);
    let mut row = Settings::default();
    row.capacity(3, 7); // inside
    row.capacity(5, 9); // at the end: it is one with the pipe behind, of which nothing is said
    row.pool(0, 4, 1);
    add(row, numbers.part(2).expect("a pipeline"));
    let mut shared = Settings::default();
    shared.width(4, 3);
    shared.capacity(6, 8);
    add(shared, numbers.part(6).expect("a pipeline"));

    assert_eq!(settings.pools.keys().copied().collect::<Vec<_>>(), [1]);
    let plan = plan::build(
        outer().table,
        &settings,
        Limits { workers: 1, cores: 1, fusing: Fusing::Asked(Fuse::None) },
    )
    .expect("a good table");
    let lanes = plan.lanes.iter().filter(|lane| lane.index == 0);
    let shown: Vec<_> = lanes
        .map(|lane| (lane.first().name, lane.of, lane.outlet.as_ref().and_then(|ring| ring.capacity)))
        .collect();
    let expected = [
        ("input", 1, None),
        ("row/a", 1, Some(7)),
        ("row/b", 1, Some(9)),
        ("shared/head", 2, None),
        ("shared/work", 6, Some(8)),
        ("relay", 2, Some(6)),
        ("output", 1, None),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn what_is_said_behind_a_pipeline_counts() {
    static BEHIND: Table = table(
        &[
            inserted("input", Kind::Input, &[], &[]),
            inserted("pipe", Kind::Pipe, &[0], &[]),
            element("row", Kind::Pipeline, &[1], &[]),
            element("own", Kind::Pipe, &[2], &[]),
            inserted("output", Kind::Output, &[3], &[]),
        ],
        &[],
    );
    let flat = flat(&BEHIND, vec![(2, plain(&ROW))]);
    assert_eq!(flat.table.elements[5].name, "own");
    let mut settings = Settings::default();
    for (numbers, pipe, messages) in [(Some(&flat.numbers), 3, 2), (flat.numbers.part(2), 5, 9)] {
        let mut own = Settings::default();
        own.capacity(pipe, messages);
        settings.add(own, |element| numbers.and_then(|numbers| numbers.element(element)), Some);
    }
    assert_eq!(settings.capacities.into_iter().collect::<Vec<_>>(), [(5, 2)]);
}
