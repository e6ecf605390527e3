//! Which stages run as one: neighbours in a row that the macro has composed into one loop.
//!
//! Two neighbours are joined only where nobody can tell the difference. What an option keeps apart stays apart: a pipe
//! that may drop or refuse messages, a stage that is to be restarted or watched on its own, `fuse = none`. The macro composes a
//! row of its own for every piece that such options leave; what it has not composed runs stage by stage.

use crate::graph::options::{Fuse, FuseWith, StageOptions};
use crate::graph::settings::Settings;
use crate::graph::table::{Kind, Table};
use crate::ring::WhenFull;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is to be fused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fusing {
    /// Every row, whatever stands between its stages: everything has one thread.
    Rows,
    /// What the user asks for.
    Asked(Fuse),
}

/// As it travels to the workers.
impl Fusing {
    pub(crate) fn pack(self) -> u64 {
        match self {
            Fusing::Rows => 0,
            Fusing::Asked(Fuse::None) => 1,
            Fusing::Asked(Fuse::Auto) => 2,
            Fusing::Asked(Fuse::All) => 3,
        }
    }

    pub(crate) fn unpack(word: u64) -> Fusing {
        match word {
            0 => Fusing::Rows,
            1 => Fusing::Asked(Fuse::None),
            2 => Fusing::Asked(Fuse::Auto),
            _ => Fusing::Asked(Fuse::All),
        }
    }
}

/// Stages that run as one, in their order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) stages: Vec<u32>,
    /// Their row in the table; one stage alone needs none.
    pub(super) group: Option<u32>,
}

/// Divides all stages into pieces, in the order of their first stages. `width` gives how often a stage stands there.
pub(super) fn pieces(
    table: &Table,
    settings: &Settings,
    width: impl Fn(u32) -> usize,
    fusing: Fusing,
    cores: usize,
) -> Vec<Piece> {
    let rows =
        Rows { table, settings, groups: (0..).zip(table.groups).map(|(at, row)| (*row, at)).collect() };
    let joins = match fusing {
        Fusing::Rows => rows.join(|_, _| true),
        Fusing::Asked(Fuse::None) => rows.join(|a, b| rows.must(a, b)),
        Fusing::Asked(Fuse::All) => rows.join(|a, b| rows.must(a, b) || rows.may(a, b)),
        Fusing::Asked(Fuse::Auto) => rows.automatic(width, cores),
    };
    rows.pieces(joins)
}

struct Rows<'s> {
    table: &'s Table,
    settings: &'s Settings,
    /// Numbers of groups, by their stages.
    groups: BTreeMap<&'s [u32], u32>,
}

/// Disjoint rows.
type Joined = Vec<Vec<u32>>;

impl Rows<'_> {
    fn options(&self, stage: u32) -> StageOptions {
        self.settings.stages.get(&stage).copied().unwrap_or_default()
    }

    /// Has the user asked for these two neighbours?
    fn must(&self, before: u32, _: u32) -> bool {
        self.options(before).fuse == Some(FuseWith::Next)
    }

    /// Nobody has anything against it.
    fn may(&self, before: u32, behind: u32) -> bool {
        let pipe = self.table.elements[behind as usize].from.first();
        let drops = pipe.and_then(|pipe| self.settings.pipes.get(pipe));
        let is_limited = pipe.is_some_and(|pipe| self.settings.limits.contains_key(pipe));
        self.options(before).fuse.is_none()
            && ![before, behind].into_iter().any(|stage| self.options(stage).isolates())
            && !is_limited
            && drops.is_none_or(|options| options.when_full == WhenFull::Block)
    }

    /// The rows of two stages or more whose neighbours are all to be joined.
    fn join(&self, joins: impl Fn(u32, u32) -> bool) -> Joined {
        let maximal = self.maximal();
        let cut = maximal.iter().flat_map(|row| row.chunk_by(|before, behind| joins(*before, *behind)));
        let known = cut.filter(|row| row.len() > 1 && self.groups.contains_key(row));
        known.map(<[u32]>::to_vec).collect()
    }

    /// The rows that are part of no other.
    fn maximal(&self) -> Vec<&[u32]> {
        let mut rows: Vec<&[u32]> = self.groups.keys().copied().collect();
        rows.sort_by_key(|row| Reverse(row.len()));
        let mut seen = vec![false; self.table.elements.len()];
        rows.retain(|row| !row.iter().any(|stage| std::mem::replace(&mut seen[*stage as usize], true)));
        rows.sort();
        rows
    }

    /// With more workers than cores, rows are fused as long as every core still has a worker. The caller is one, if it
    /// sends or receives. Rows of many workers come first, in a balanced fork: their stages share the cores anyway; then
    /// long rows.
    fn automatic(&self, width: impl Fn(u32) -> usize, cores: usize) -> Joined {
        let mut joined = self.join(|a, b| self.must(a, b));
        let mut wanted = self.join(|a, b| self.must(a, b) || self.may(a, b));
        wanted.retain(|row| !joined.contains(row));
        wanted.sort_by_key(|row| (Reverse(width(row[0])), Reverse(row.len())));
        for row in wanted {
            if self.workers(&joined, &width) <= cores {
                break;
            }
            let mut fused = joined.clone();
            fused.retain(|part| !row.contains(&part[0]));
            fused.push(row);
            if self.workers(&fused, &width) >= cores {
                joined = fused;
            }
        }
        joined
    }

    /// How many threads have something to do.
    fn workers(&self, joined: &Joined, width: impl Fn(u32) -> usize) -> usize {
        let elements = || (0..).zip(self.table.elements);
        let is_end = |kind| matches!(kind, Kind::Input | Kind::Output);
        let stages = elements().filter(|(_, element)| element.kind.is_stage() && !is_end(element.kind));
        let is_behind = |stage: u32| joined.iter().any(|row| row[1..].contains(&stage));
        let workers = stages.filter(|(stage, _)| !is_behind(*stage)).map(|(stage, _)| width(stage));
        workers.sum::<usize>() + usize::from(elements().any(|(_, element)| is_end(element.kind)))
    }

    fn pieces(&self, joined: Joined) -> Vec<Piece> {
        let stages = (0..).zip(self.table.elements).filter(|(_, element)| element.kind.is_stage());
        let pieces = stages.filter_map(|(stage, _)| {
            match joined.iter().find(|row| row.contains(&stage)) {
                None => Some(Piece { stages: vec![stage], group: None }),
                Some(row) if row[0] == stage => {
                    Some(Piece { stages: row.clone(), group: self.groups.get(&row[..]).copied() })
                }
                Some(_) => None, // with the first of them
            }
        });
        pieces.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::options::{OnPoison, Restart};
    use crate::graph::plan::{Limits, Plan, build};
    use crate::graph::table::Element;
    use std::panic::Location;
    use std::time::Duration;

    const fn table(elements: &'static [Element], groups: &'static [&'static [u32]]) -> Table {
        Table { name: "test", place: Location::caller(), elements, pools: &[], groups, init: None }
    }

    const fn element(name: &'static str, kind: Kind, from: &'static [u32]) -> Element {
        Element { name, kind, from, within: &[], inserted: false, pools: &[], detail: "" }
    }

    const fn in_fork(fork: &'static [u32], element: Element) -> Element {
        Element { within: fork, ..element }
    }

    /// `source -> p1 -> a -> p2 -> b -> p3 -> sink`
    static ROW: Table = table(
        &[
            element("source", Kind::Source, &[]),
            element("p1", Kind::Pipe, &[0]),
            element("a", Kind::Processor, &[1]),
            element("p2", Kind::Pipe, &[2]),
            element("b", Kind::Processor, &[3]),
            element("p3", Kind::Pipe, &[4]),
            element("sink", Kind::Sink, &[5]),
        ],
        &[&[0, 2, 4, 6], &[0, 2], &[2, 4], &[4, 6], &[2, 4, 6], &[0, 2, 4]],
    );

    fn plan(table: &'static Table, set: impl Fn(&mut Settings), fusing: Fusing, cores: usize) -> Plan {
        let mut settings = Settings::default();
        set(&mut settings);
        build(table, &settings, Limits { workers: cores, cores, fusing }).expect("a good table")
    }

    /// The names of each lane's stages.
    fn lanes(set: impl Fn(&mut Settings), fusing: Fusing) -> Vec<String> {
        names(&plan(&ROW, set, fusing, 2))
    }

    fn names(plan: &Plan) -> Vec<String> {
        let names = |lane: &crate::graph::plan::LanePlan| {
            lane.stages.iter().map(|stage| stage.name).collect::<Vec<_>>().join(" + ")
        };
        plan.lanes.iter().map(names).collect()
    }

    const ALL: Fusing = Fusing::Asked(Fuse::All);
    const NONE: Fusing = Fusing::Asked(Fuse::None);
    const AUTO: Fusing = Fusing::Asked(Fuse::Auto);

    #[test]
    fn nothing_is_fused_that_nobody_asks_for() {
        assert_eq!(lanes(|_| {}, NONE), ["source", "a", "b", "sink"]);
        assert_eq!(lanes(|settings| settings.fuse(0, FuseWith::Next), NONE), ["source + a", "b", "sink"]);
        let each = |settings: &mut Settings| (0..5).for_each(|stage| settings.fuse(stage, FuseWith::Next));
        assert_eq!(lanes(each, NONE), ["source + a + b + sink"]);
        assert_eq!(lanes(|_| {}, ALL), ["source + a + b + sink"]);
    }

    #[test]
    fn options_keep_neighbours_apart() {
        let split = ["source + a", "b + sink"];
        let pipe = |when_full| move |settings: &mut Settings| settings.when_full(3, when_full);
        assert_eq!(lanes(pipe(WhenFull::DropNewest), ALL), split);
        assert_eq!(lanes(pipe(WhenFull::DropOldest), ALL), split);
        assert_eq!(lanes(pipe(WhenFull::Block), ALL).len(), 1);
        assert_eq!(lanes(|settings| settings.limit_bytes(3, 9), ALL), split);
        assert_eq!(lanes(|settings| settings.fuse(2, FuseWith::None), ALL), split);
        assert_eq!(lanes(|settings| settings.capacity(3, 1), ALL).len(), 1, "what vanishes holds nothing");
        let alone = ["source", "a + b + sink"];
        assert_eq!(lanes(|settings| settings.restart(0, Restart::Never), ALL), alone);
        assert_eq!(lanes(|settings| settings.deadline(0, Duration::from_secs(1)), ALL), alone);
        assert_eq!(lanes(|settings| settings.on_poison(6, OnPoison::Stop), ALL), ["source + a + b", "sink"]);
        assert_eq!(lanes(|settings| settings.restart(2, Restart::Never), ALL), ["source", "a", "b + sink"]);
    }

    #[test]
    fn who_asks_for_it_is_fused_whatever_else_he_says() {
        let set = |settings: &mut Settings| {
            settings.restart(0, Restart::OnCrash(3));
            settings.fuse(0, FuseWith::Next);
        };
        assert_eq!(lanes(set, NONE), ["source + a", "b", "sink"]);
        let plan = plan(&ROW, set, NONE, 2);
        let restarts: Vec<_> = plan.lanes[0].stages.iter().map(|stage| stage.options.restart).collect();
        assert_eq!(restarts, [Some(Restart::OnCrash(3)), None], "whoever replaces the lane replaces both");
    }

    #[test]
    fn a_row_that_nobody_has_composed_stays_as_it_is() {
        static LOOSE: Table = table(ROW.elements, &[&[0, 2, 4, 6]]);
        let fuse = |settings: &mut Settings| settings.fuse(0, FuseWith::Next);
        assert_eq!(names(&plan(&LOOSE, fuse, NONE, 2)), ["source", "a", "b", "sink"]);
    }

    #[test]
    fn one_thread_runs_rows_whatever_is_between() {
        let set = |settings: &mut Settings| settings.when_full(3, WhenFull::DropNewest);
        assert_eq!(lanes(set, Fusing::Rows), ["source + a + b + sink"]);
    }

    #[test]
    fn pipes_between_vanish_and_the_others_stay() {
        let plan = plan(&ROW, |settings| settings.fuse(2, FuseWith::Next), NONE, 2);
        assert_eq!(names(&plan), ["source", "a + b", "sink"]);
        let rings: Vec<_> =
            plan.lanes.iter().map(|lane| lane.outlet.as_ref().map(|ring| ring.pipe_name)).collect();
        assert_eq!(rings, [Some("p1"), Some("p3"), None]);
        let expected = "   0  source  -> ring 0
   1  a + b  <- ring 0  -> ring 1  a [fuse = next]
   2  sink  <- ring 1
";
        assert_eq!(plan.to_string(), expected);
    }

    /// `source -> fork(n) { a -> b } -> join -> c -> d`, with the caller behind.
    static FARM: Table = table(
        &[
            element("source", Kind::Source, &[]),
            element("pipe", Kind::Pipe, &[0]),
            element("fork", Kind::Balance, &[1]),
            in_fork(&[2], element("a", Kind::Processor, &[2])),
            in_fork(&[2], element("pipe", Kind::Pipe, &[3])),
            in_fork(&[2], element("b", Kind::Processor, &[4])),
            in_fork(&[2], element("pipe", Kind::Pipe, &[5])),
            element("join", Kind::Merge, &[6]),
            element("c", Kind::Processor, &[7]),
            element("pipe", Kind::Pipe, &[8]),
            element("d", Kind::Processor, &[9]),
            element("pipe", Kind::Pipe, &[10]),
            element("output", Kind::Output, &[11]),
        ],
        &[&[3, 5], &[8, 10]],
    );

    /// The rows that are fused with three workers in the fork, which are ten threads with the caller's: the source, two
    /// in each worker, and two behind the join.
    fn automatic(cores: usize) -> Vec<String> {
        let mut names = names(&plan(&FARM, |settings| settings.width(2, 3), AUTO, cores));
        names.retain(|name| name.contains('+'));
        names.dedup();
        names
    }

    #[test]
    fn automatic_fusion_leaves_every_core_a_worker() {
        assert_eq!(automatic(1), ["a + b", "c + d"]);
        assert_eq!(automatic(6), ["a + b", "c + d"], "then there are six left");
        assert_eq!(automatic(7), ["a + b"], "then there are as many as cores");
        assert_eq!(automatic(8), ["c + d"], "three workers less would leave a core without one");
        assert_eq!(automatic(9), ["c + d"]);
        assert!(automatic(10).is_empty(), "as many as cores");
        assert!(automatic(64).is_empty());
    }

    #[test]
    fn automatic_fusion_takes_no_core_from_a_row() {
        let of_row = |cores| names(&plan(&ROW, |_| {}, AUTO, cores)).len();
        assert_eq!([1, 2, 3, 4, 64].map(of_row), [1, 4, 4, 4, 4]);
    }

    #[test]
    fn what_is_asked_for_survives_packing() {
        for fusing in [Fusing::Rows, NONE, AUTO, ALL] {
            assert_eq!(Fusing::unpack(fusing.pack()), fusing);
        }
    }
}
