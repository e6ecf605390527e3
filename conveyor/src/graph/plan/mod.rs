//! The plan: which lanes there are, which ring each of them writes and how it takes its input. A pure function of the
//! declared graph, the values of its settings and the machine's limits; all contexts run the same plan.
//!
//! Stages that are fused are one lane: the pipes between them have vanished. A stage inside balanced forks stands there
//! once per worker: its lanes are numbered as digits, the outermost fork first. Every lane with an outlet writes one ring of its own, which has the lane's number. Forks and joins are ways
//! to read rings, so they have vanished from the plan.

mod build;
mod fusion;
mod paths;
mod print;
mod regions;
#[cfg(test)]
mod tests;

pub(crate) use build::{WIDTH_MAX, build};
pub(crate) use fusion::Fusing;
pub(crate) use paths::{PoolPlan, pools};

use super::options::{ForkOptions, PipeOptions, Policy, StageOptions};
use super::table::Kind;
use crate::meter::at_work::Giver;
use crate::ring::WhenFull;
use crate::value::Job;
use crate::{Error, ErrorKind};
use std::collections::BTreeMap;

/// So many tombstones of dropped messages may wait in a pipe, beside its messages, before its writer waits, too.
pub(crate) const TOMBSTONES: usize = 1024;

/// What the machine and the environment allow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Workers of a `balanced fork(auto)`: the number of cores, or `CONVEYOR_WORKERS`.
    pub(crate) workers: usize,
    /// Of the machine.
    pub(crate) cores: usize,
    pub(crate) fusing: Fusing,
}

/// The whole of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// All lanes, in the order of their stages' numbers; the index is the lane's number.
    pub(crate) lanes: Vec<LanePlan>,
}

impl Plan {
    /// # Errors
    /// When an option is set that belongs to processes; it names the stage.
    pub(crate) fn without_processes(&self, context: &str) -> Result<(), Error> {
        let stages = self.lanes.iter().flat_map(|lane| &lane.stages);
        let said = |stage: &StagePlan| Some((stage.name, stage.options.only_of_processes()?));
        match stages.map(said).find_map(|said| said) {
            None => Ok(()),
            Some((name, option)) => Err(Error::new(
                ErrorKind::Start,
                format_args!(
                    "`[{option}]` needs the processes context, and this run is in the {context} context: \
                     only a process can be replaced, or ended from outside"
                ),
            )
            .in_processor(name)),
        }
    }

    /// The lanes that wait for this one, because their fork must not run too far ahead of it.
    pub(crate) fn gated_by(&self, lane: usize) -> impl Iterator<Item = usize> {
        let groups = self.lanes.iter().filter_map(|lane| lane.outlet.as_ref()).flat_map(|ring| &ring.groups);
        groups.filter(move |group| group.gate == Some(lane)).flat_map(|group| group.members.iter().copied())
    }

    /// The groups whose width may change.
    pub(crate) fn steered(&self) -> impl Iterator<Item = Steered> {
        let rings =
            self.lanes.iter().enumerate().filter_map(|(lane, plan)| Some((lane, plan.outlet.as_ref()?)));
        rings.flat_map(move |(writer, ring)| {
            let groups = ring.groups.iter().enumerate();
            groups.filter(|(_, plan)| plan.members.len() > 1).filter_map(move |(group, plan)| {
                let workers = plan.members.iter().map(|member| self.worker(*member)).collect();
                Some(Steered { fork: plan.auto?, writer, group, workers })
            })
        })
    }

    /// The lanes that get messages from this one alone, itself included: up to the join that closes its fork.
    fn worker(&self, first: usize) -> Vec<usize> {
        let mut worker = vec![first];
        for (number, lane) in self.lanes.iter().enumerate().skip(first + 1) {
            let mut taps = lane.inlet.iter().flat_map(Inlet::taps);
            if lane.inlet.is_some() && taps.all(|tap| worker.contains(&tap.ring)) {
                worker.push(number);
            }
        }
        worker
    }

    /// The ring that a tap reads.
    pub(crate) fn ring(&self, tap: &Tap) -> &RingPlan {
        self.lanes[tap.ring].outlet.as_ref().expect("what is read is written")
    }

    /// The pipes that may drop messages, by name, each with the lanes that write it.
    pub(crate) fn dropping_pipes(&self) -> Vec<(&'static str, Vec<usize>)> {
        let mut pipes: BTreeMap<u32, (&'static str, Vec<usize>)> = BTreeMap::new();
        for (number, lane) in self.lanes.iter().enumerate() {
            if let Some(ring) = &lane.outlet
                && ring.options.when_full != WhenFull::Block
            {
                pipes.entry(ring.pipe).or_insert((ring.pipe_name, Vec::new())).1.push(number);
            }
        }
        pipes.into_values().collect()
    }

    /// Does everybody wait for as much as a ring holds, before a lane has to hurry? Not where lanes wait for chunks, for their turn
    /// or at a window, nor where a pipe drops.
    pub(crate) fn waits_for_rings(&self) -> bool {
        let mut groups = self.lanes.iter().flat_map(|lane| &lane.outlet).flat_map(|ring| &ring.groups);
        self.lanes.iter().all(|lane| lane.pools().is_empty())
            && self.dropping_pipes().is_empty()
            && groups.all(|group| group.fork.policy != Policy::RoundRobin && group.fork.window.is_none())
    }

    /// May this lane drop messages, as their writer or as their reader?
    pub(crate) fn drops(&self, lane: usize) -> bool {
        let lane = &self.lanes[lane];
        let writes = lane.outlet.as_ref().is_some_and(|ring| ring.options.when_full == WhenFull::DropNewest);
        let mut taps = lane.inlet.iter().flat_map(Inlet::taps);
        writes || taps.any(|tap| self.ring(tap).options.when_full == WhenFull::DropOldest)
    }
}

/// A group of lanes of which more or fewer claim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Steered {
    /// The fork's element number.
    pub(crate) fork: u32,
    /// The lane that writes what they claim.
    pub(crate) writer: usize,
    /// Among the groups of that ring.
    pub(crate) group: usize,
    /// By member: its lanes, the one that claims first.
    pub(crate) workers: Vec<Vec<usize>>,
}

/// One worker of one stage, or of several that are fused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LanePlan {
    /// At least one, in the order in which messages pass them. Whoever replaces the lane replaces all of them.
    pub(crate) stages: Vec<StagePlan>,
    /// What the wiring builds.
    pub(crate) job: Job,
    /// Among the lanes of its stage.
    pub(crate) index: usize,
    /// How many lanes its stage has.
    pub(crate) of: usize,
    /// `None` for sources and the open head.
    pub(crate) inlet: Option<Inlet>,
    /// `None` for sinks and the open end.
    pub(crate) outlet: Option<RingPlan>,
    /// Tag columns of the messages that it takes, those of a join without the region that it closes.
    pub(crate) depth: usize,
}

impl LanePlan {
    /// The stage that takes the lane's input.
    pub(crate) fn first(&self) -> &StagePlan {
        &self.stages[0]
    }

    /// The stage that writes its ring.
    pub(crate) fn last(&self) -> &StagePlan {
        &self.stages[self.stages.len() - 1]
    }

    /// Its stages, as who gives what they give.
    pub(crate) fn givers(&self) -> impl DoubleEndedIterator<Item = Giver> {
        let lane = self.index as u32;
        self.stages.iter().map(move |stage| Giver { element: stage.stage, lane })
    }

    /// Is it one of the caller's ends?
    pub(crate) fn is_callers(&self) -> bool {
        matches!(self.first().kind, Kind::Input | Kind::Output)
    }

    /// The same comes of each of its stages whenever it is done again.
    pub(crate) fn is_deterministic(&self) -> bool {
        self.stages.iter().all(|stage| stage.options.deterministic)
    }

    /// The pools it takes chunks from, by number; each with how many of its stages do.
    pub(crate) fn pools(&self) -> BTreeMap<u32, usize> {
        let mut pools = BTreeMap::new();
        for pool in self.stages.iter().flat_map(|stage| stage.pools) {
            *pools.entry(*pool).or_default() += 1;
        }
        pools
    }
}

/// One stage of a lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StagePlan {
    /// Its element number.
    pub(crate) stage: u32,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The pools it takes chunks from, by number.
    pub(crate) pools: &'static [u32],
    /// What the user has said of it: the supervisor's business.
    pub(crate) options: StageOptions,
}

/// How a lane takes its input. A ring is named by the lane that writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Inlet {
    /// Every message of one ring.
    Whole(Tap),
    /// A share of one ring.
    Share(Tap),
    /// `join merge`
    Merge(Vec<Tap>),
    /// `join ordered`: closes the innermost ordered region.
    Ordered(Vec<Tap>),
    /// `join zip`, by the join's element number.
    Zip(u32, Vec<Tap>),
}

impl Inlet {
    /// The rings it reads.
    pub(crate) fn taps(&self) -> &[Tap] {
        match self {
            Inlet::Whole(tap) | Inlet::Share(tap) => std::slice::from_ref(tap),
            Inlet::Merge(taps) | Inlet::Ordered(taps) | Inlet::Zip(_, taps) => taps,
        }
    }

    /// How many rings it reads.
    pub(crate) fn rings(&self) -> usize {
        self.taps().len()
    }
}

/// One group of readers of one ring, as a member of it sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tap {
    /// The lane that writes the ring.
    pub(crate) ring: usize,
    /// The group's index in the ring's `groups`.
    pub(crate) group: usize,
    /// The reader's index in the group's `members`.
    pub(crate) member: usize,
}

/// What one lane writes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RingPlan {
    /// The first pipe behind the lane, by element number.
    pub(crate) pipe: u32,
    pub(crate) pipe_name: &'static str,
    /// The capacity that the user has asked for, in messages.
    pub(crate) capacity: Option<usize>,
    /// `[limit_bytes = n]`
    pub(crate) limit_bytes: Option<usize>,
    /// `[when_full = ..]`, `[batch = n]`
    pub(crate) options: PipeOptions,
    /// Regions that are open there and whose messages carry tags: one column each.
    pub(crate) depth: usize,
    /// The replicated fork that divides the ring's readers, by element number: more than one group only behind one.
    pub(crate) fork: Option<u32>,
    /// Every group sees every message.
    pub(crate) groups: Vec<GroupPlan>,
}

/// Readers of a ring that share its messages; one lane alone, or the lanes of a balanced fork.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupPlan {
    /// Lanes by number.
    pub(crate) members: Vec<usize>,
    /// Its members claim: the group is that of a balanced fork, however many members it has.
    pub(crate) shared: bool,
    /// So many regions open between the ring and its readers: positions in the ring are origins there.
    pub(crate) opens: usize,
    /// What the user has said of the balanced fork.
    pub(crate) fork: ForkOptions,
    /// Of a `balanced fork(auto)` whose width may change: its element number.
    pub(crate) auto: Option<u32>,
    /// With a window: the lane behind the `join ordered` that closes the fork.
    pub(crate) gate: Option<usize>,
    /// Which ring of the member's inlet this is.
    pub(crate) part: usize,
}
