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
