//! From the table to the plan.

use super::fusion::{Piece, pieces};
use super::regions::Regions;
use super::{GroupPlan, Inlet, LanePlan, Limits, Plan, RingPlan, StagePlan, Tap};
use crate::graph::options::{Policy, Restart};
use crate::graph::settings::{Settings, Width};
use crate::graph::table::{Element, Kind, Table};
use crate::ring::tags::DEPTH_MAX;
use crate::value::Job;
use crate::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::time::Duration;

/// How many lanes a pipeline may have.
const LANES_MAX: usize = 4096;
/// How many workers a balanced fork may have.
pub(crate) const WIDTH_MAX: usize = 1024;

/// Plans a run.
///
/// # Errors
/// When a capacity or a count is 0 or too large, or regions are nested too deeply; it names the element.
pub(crate) fn build(table: &'static Table, settings: &Settings, limits: Limits) -> Result<Plan, Error> {
    let widths = widths(table, settings, limits)?;
    check_capacities(table, settings)?;
    check_stdin(table, settings)?;
    check_inlets(table)?;
    check_options(table, settings)?;
    let regions = Regions::of(table, settings);
    let mut builder =
        Builder { table, settings, lanes: Vec::new(), first: BTreeMap::new(), readers: BTreeMap::new() };
    let count = |stage: u32| count(&table.elements[stage as usize], &widths);
    let pieces = pieces(table, settings, count, limits.fusing, limits.cores);
    builder.number_lanes(&pieces, count, &regions)?;
    let windows = builder.connect(&regions);
    builder.gate(&windows);
    Ok(Plan { lanes: builder.lanes })
}

/// An error about one element.
fn wrong(element: &Element, what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Start, format_args!("`{}`: {what}", element.name))
}

/// How many workers each counted balanced fork has.
fn widths(table: &Table, settings: &Settings, limits: Limits) -> Result<BTreeMap<u32, usize>, Error> {
    let chosen = settings.widths.iter().map(|(fork, width)| {
        let element = &table.elements[*fork as usize];
        let workers = match *width {
            Width::Fixed(workers) => workers,
            Width::Auto { max } => limits.workers.min(max.unwrap_or(usize::MAX)),
        };
        match workers {
            0 => Err(wrong(element, "CV015: a balanced fork needs at least one worker, but its count is 0")),
            1..=WIDTH_MAX => Ok((*fork, workers)),
            _ => Err(wrong(
                element,
                format_args!("CV015: {workers} workers are more than a balanced fork can have ({WIDTH_MAX})"),
            )),
        }
    });
    chosen.collect()
}

/// How many lanes a stage has.
fn count(stage: &Element, widths: &BTreeMap<u32, usize>) -> usize {
    let workers = stage.within.iter().map(|fork| widths.get(fork).copied().unwrap_or(1));
    workers.fold(1, usize::saturating_mul)
}

fn check_capacities(table: &Table, settings: &Settings) -> Result<(), Error> {
    for (sizes, what) in [(&settings.capacities, "capacity"), (&settings.limits, "`limit_bytes`")] {
        if let Some((pipe, _)) = sizes.iter().find(|(_, size)| **size == 0) {
            let element = &table.elements[*pipe as usize];
            return Err(wrong(element, format_args!("CV015: a pipe with {what} 0 can never hold a message")));
        }
    }
    for (pool, size) in &settings.pools {
        if size.chunks == 0 || size.elements == 0 {
            let name = table.pools.get(*pool as usize).copied().unwrap_or("pool");
            return Err(Error::new(
                ErrorKind::Start,
                format_args!(
                    "`{name}`: CV015: a pool without chunks, or with empty ones, can never be of use"
                ),
            ));
        }
    }
    Ok(())
}

/// What is 0 can never be obeyed.
fn check_options(table: &Table, settings: &Settings) -> Result<(), Error> {
    let zero = |element: &u32, what: &str| {
        let element = &table.elements[*element as usize];
        Err(wrong(element, format_args!("CV015: `{what}` is 0, and has to be more")))
    };
    if let Some((pipe, _)) = settings.pipes.iter().find(|(_, options)| options.batch == Some(0)) {
        return zero(pipe, "batch");
    }
    if let Some((fork, _)) = settings.forks.iter().find(|(_, options)| options.window == Some(0)) {
        return zero(fork, "window");
    }
    for (stage, options) in &settings.stages {
        if options.restart == Some(Restart::OnCrash(0)) {
            return zero(stage, "restart = on_crash(n)");
        }
        if options.deadline == Some(Duration::ZERO) {
            return zero(stage, "deadline");
        }
    }
    Ok(())
}

fn check_stdin(table: &Table, settings: &Settings) -> Result<(), Error> {
    let mut readers = settings.stdin.iter().map(|source| &table.elements[*source as usize]);
    match (readers.next(), readers.next()) {
        (Some(first), Some(second)) => Err(wrong(
            second,
            format_args!(
                "`{}` reads the standard input already; only one source can have `[stdin]`",
                first.name
            ),
        )),
        _ => Ok(()),
    }
}

/// What the macro cannot see where pipelines are used inside others.
fn check_inlets(table: &Table) -> Result<(), Error> {
    for element in table.elements {
        match element.kind {
            Kind::Source if !element.within.is_empty() => {
                return Err(wrong(
                    element,
                    "CV008: a source inside the braces of a `balanced fork(n)` would give its messages once per \
                     worker: lead them in from outside",
                ));
            }
            Kind::Processor | Kind::Sink | Kind::Relay | Kind::Output if element.from.is_empty() => {
                return Err(wrong(element, "CV010: nothing leads to it"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Where a reader ends up when it climbs from its inlet towards the sources.
enum Climbed {
    /// At a ring.
    Ring {
        writer: u32,
        /// The replicated forks on the way and the branch taken of each: readers that took the same ones are one
        /// group.
        branches: Vec<(u32, u32)>,
        /// A balanced fork on the way.
        balance: Option<u32>,
    },
    /// At a join.
    Join(u32),
}

/// From `reader`, a stage or a join, by its predecessor `from`.
fn climb(table: &Table, reader: u32, from: u32) -> Climbed {
    let (mut branches, mut balance, mut below, mut at) = (Vec::new(), None, reader, from);
    loop {
        let element = &table.elements[at as usize];
        match element.kind {
            kind if kind.is_stage() => return Climbed::Ring { writer: at, branches, balance },
            Kind::Merge | Kind::Zip | Kind::Ordered => return Climbed::Join(at),
            Kind::Replicate => branches.push((at, below)),
            Kind::Balance => balance = Some(at),
            _ => {}
        }
        (below, at) = (at, element.from[0]);
    }
}

/// Readers of one group, by the ring and the branches that lead to it.
type Groups = BTreeMap<(usize, Vec<(u32, u32)>), usize>;

/// By ring and group: the join that closes a fork with a window.
type Windows = BTreeMap<(usize, usize), u32>;

struct Builder<'s> {
    table: &'static Table,
    settings: &'s Settings,
    lanes: Vec<LanePlan>,
    /// The number of a stage's first lane, which it may have together with others.
    first: BTreeMap<u32, usize>,
    /// The stage behind each join.
    readers: BTreeMap<u32, u32>,
}

impl Builder<'_> {
    fn number_lanes(
        &mut self,
        pieces: &[Piece],
        count: impl Fn(u32) -> usize,
        regions: &Regions,
    ) -> Result<(), Error> {
        for Piece { stages, group } in pieces {
            let (stage, last) = (stages[0], stages[stages.len() - 1]);
            let element = &self.table.elements[stage as usize];
            let of = count(stage);
            if self.lanes.len().saturating_add(of) > LANES_MAX {
                return Err(wrong(
                    element,
                    format_args!("a pipeline can have at most {LANES_MAX} workers in all"),
                ));
            }
            let depth = regions.depth(stage);
            if depth > DEPTH_MAX {
                return Err(wrong(
                    element,
                    format_args!("more than {DEPTH_MAX} regions with tags in one another"),
                ));
            }
            self.first.extend(stages.iter().map(|stage| (*stage, self.lanes.len())));
            for index in 0..of {
                self.lanes.push(LanePlan {
                    stages: stages.iter().map(|stage| self.stage(*stage)).collect(),
                    job: group.map_or(Job::Stage(stage), Job::Row),
                    index,
                    of,
                    inlet: None,
                    outlet: self.outlet(last, depth),
                    depth: 0,
                });
            }
        }
        Ok(())
    }

    fn stage(&self, stage: u32) -> StagePlan {
        let &Element { name, kind, pools, .. } = &self.table.elements[stage as usize];
        let options = self.settings.stages.get(&stage).copied().unwrap_or_default();
        StagePlan { stage, name, kind, pools, options }
    }

    fn outlet(&self, stage: u32, depth: usize) -> Option<RingPlan> {
        let pipe = self.table.elements.iter().position(|element| element.from.contains(&stage))? as u32;
        let capacity = self.settings.capacities.get(&pipe).copied();
        let limit_bytes = self.settings.limits.get(&pipe).copied();
        let options = self.settings.pipes.get(&pipe).copied().unwrap_or_default();
        let pipe_name = self.table.elements[pipe as usize].name;
        let groups = Vec::new();
        Some(RingPlan { pipe, pipe_name, capacity, limit_bytes, options, depth, fork: None, groups })
    }

    /// Gives the groups whose fork has a window, with the join that closes it.
    fn connect(&mut self, regions: &Regions) -> Windows {
        let mut groups: Groups = BTreeMap::new();
        let mut windows = Windows::new();
        for reader in 0..self.lanes.len() {
            let stage = self.lanes[reader].first().stage;
            let Some(from) = self.table.elements[stage as usize].from.first() else {
                continue;
            };
            let (join, ends) = match climb(self.table, stage, *from) {
                Climbed::Join(join) => {
                    let pipes = self.table.elements[join as usize].from;
                    (Some(join), pipes.iter().map(|pipe| climb(self.table, join, *pipe)).collect())
                }
                ring => (None, vec![ring]),
            };
            let mut taps = Vec::new();
            let mut shares = false;
            for end in ends {
                let Climbed::Ring { writer, branches, balance } = end else {
                    unreachable!("the macro puts a relay between two joins")
                };
                shares |= balance.is_some();
                for ring in self.rings_of(writer, reader) {
                    let part = taps.len();
                    let forks = branches.iter().map(|(fork, _)| *fork).chain(balance);
                    let fork = balance.and_then(|fork| self.settings.forks.get(&fork));
                    let new = GroupPlan {
                        members: Vec::new(),
                        shared: balance.is_some(),
                        opens: forks.filter(|fork| regions.is_tagged(*fork)).count(),
                        fork: fork.copied().unwrap_or_default(),
                        auto: balance.filter(|fork| self.may_change_width(*fork)),
                        gate: None,
                        part,
                    };
                    let window = new.fork.window.and(balance).and_then(|fork| regions.ordered_join(fork));
                    let tap = self.tap(ring, reader, &branches, new, &mut groups);
                    windows.extend(window.map(|join| ((ring, tap.group), join)));
                    taps.push(tap);
                }
            }
            self.readers.extend(join.map(|join| (join, stage)));
            self.lanes[reader].depth = regions.depth(*from);
            self.lanes[reader].inlet = Some(self.inlet(join, taps, shares));
        }
        windows
    }

    /// Lanes that take turns all have to take part.
    fn may_change_width(&self, fork: u32) -> bool {
        let options = self.settings.forks.get(&fork).copied().unwrap_or_default();
        matches!(self.settings.widths.get(&fork), Some(Width::Auto { .. })) && options.policy == Policy::Free
    }

    /// A fork and the join that closes it stand inside the same forks: so the lane behind the join is the counterpart of
    /// the one in front of the fork, or shares its index with several of them.
    fn gate(&mut self, windows: &Windows) {
        for ((ring, group), join) in windows {
            let LanePlan { index, of: writers, .. } = self.lanes[*ring];
            let first = self.first[&self.readers[join]];
            let readers = self.lanes[first].of;
            let gate = first + index * readers / writers;
            if let Some(ring) = &mut self.lanes[*ring].outlet {
                ring.groups[*group].gate = Some(gate);
            }
        }
    }

    /// The lanes of `writer` that lane `reader` reads: its own counterpart, the one that it shares, or all that it
    /// joins.
    fn rings_of(&self, writer: u32, reader: usize) -> std::ops::Range<usize> {
        let first = self.first[&writer];
        let (writers, LanePlan { index, of: readers, .. }) = (self.lanes[first].of, &self.lanes[reader]);
        if writers >= *readers {
            let joined = writers / readers;
            first + index * joined..first + (index + 1) * joined
        } else {
            let ring = first + index / (readers / writers);
            ring..ring + 1
        }
    }

    fn tap(
        &mut self,
        ring: usize,
        reader: usize,
        branches: &[(u32, u32)],
        new: GroupPlan,
        groups: &mut Groups,
    ) -> Tap {
        let outlet = self.lanes[ring].outlet.as_mut().expect("what is read is written");
        outlet.fork = outlet.fork.or(branches.last().map(|(fork, _)| *fork));
        let group = *groups.entry((ring, branches.to_vec())).or_insert_with(|| {
            outlet.groups.push(new);
            outlet.groups.len() - 1
        });
        let members = &mut outlet.groups[group].members;
        members.push(reader);
        Tap { ring, group, member: members.len() - 1 }
    }

    fn inlet(&self, join: Option<u32>, taps: Vec<Tap>, shares: bool) -> Inlet {
        let kind = join.map(|join| self.table.elements[join as usize].kind);
        match (join, kind) {
            (Some(join), Some(Kind::Zip)) => Inlet::Zip(join, taps),
            (_, Some(Kind::Ordered)) => Inlet::Ordered(taps),
            (_, Some(_)) => Inlet::Merge(taps),
            (_, None) if shares => Inlet::Share(taps[0]),
            (_, None) => Inlet::Whole(taps[0]),
        }
    }
}
