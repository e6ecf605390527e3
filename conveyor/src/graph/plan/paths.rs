//! On which ways a chunk can leave the graph, from the lane that takes it from its pool.
//!
//! A way is numbered by a bit. Whoever holds a chunk answers for the ways that are still open to it; a replicated fork
//! divides them among its branches. The first branch takes all that no other one has, so that none is ever lost.

use super::{LanePlan, Plan};
use crate::graph::settings::Settings;
use crate::{Error, ErrorKind};
use std::collections::BTreeMap;

/// How many ways may lead a chunk out of the graph.
pub(crate) const WAYS_MAX: u32 = 16;

/// The ways of the chunks that one stage takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ways {
    /// All of them.
    pub(crate) all: u16,
    /// Behind each stage, by its groups of readers; only where there are several.
    branches: BTreeMap<(u32, usize), u16>,
}

impl Ways {
    /// The ways of a chunk that a group of a stage's readers gets.
    pub(crate) fn of_group(&self, stage: u32, group: usize) -> u16 {
        self.branches.get(&(stage, group)).copied().unwrap_or(u16::MAX)
    }

    /// Follows the chunks that a lane takes; `carries` tells whether messages of a stage may hold chunks.
    ///
    /// # Errors
    /// When there are too many ways.
    pub(crate) fn of_lane(
        plan: &Plan,
        lane: &LanePlan,
        carries: &impl Fn(u32) -> bool,
    ) -> Result<Ways, Error> {
        let mut walk = Walk { plan, carries, count: 0, taken: BTreeMap::new() };
        walk.follow(lane, &mut Vec::new())?;
        let mut branches = walk.taken;
        let others = |first: u32| {
            branches
                .iter()
                .filter(|((stage, group), _)| *stage == first && *group > 0)
                .fold(0, |all, (_, ways)| all | ways)
        };
        let firsts: Vec<_> = branches
            .keys()
            .filter(|(_, group)| *group == 0)
            .map(|(stage, _)| (*stage, !others(*stage)))
            .collect();
        branches.extend(firsts.into_iter().map(|(stage, rest)| ((stage, 0), rest)));
        Ok(Ways { all: u16::MAX >> (u16::BITS - walk.count.max(1)), branches })
    }
}

/// A pool of one lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PoolPlan {
    /// The lane that takes from it.
    pub(crate) lane: usize,
    /// The declared pool, by number.
    pub(crate) pool: u32,
    /// How many chunks it has.
    pub(crate) chunks: usize,
    /// Of a chunk.
    pub(crate) bytes: usize,
    pub(crate) ways: Ways,
}

/// The pools of all lanes; `elements` are the sizes of the declared pools' elements in bytes, `carries` tells whether
/// messages of a stage may hold chunks.
///
/// # Errors
/// When a pool is too large, or there are too many pools or ways.
pub(crate) fn pools(
    plan: &Plan,
    settings: &Settings,
    elements: &[usize],
    carries: impl Fn(u32) -> bool,
) -> Result<Vec<PoolPlan>, Error> {
    let mut pools = Vec::new();
    for (number, lane) in plan.lanes.iter().enumerate() {
        for (pool, users) in lane.pools() {
            let (Some(size), Some(element)) = (settings.pools.get(&pool), elements.get(pool as usize)) else {
                continue;
            };
            // fused stages share what each of them would have for itself
            let chunks = size.chunks.saturating_mul(users);
            let bytes =
                size.elements.checked_mul(*element).filter(|bytes| bytes.checked_mul(chunks).is_some());
            let fits = chunks <= usize::from(u16::MAX) && pools.len() < usize::from(u16::MAX);
            let Some(bytes) = bytes.filter(|_| fits) else {
                return Err(Error::new(
                    ErrorKind::Start,
                    format_args!(
                        "the pool of `{}` is too large: {} chunks of {} elements",
                        lane.first().name,
                        size.chunks,
                        size.elements
                    ),
                ));
            };
            let ways = Ways::of_lane(plan, lane, &carries)?;
            pools.push(PoolPlan { lane: number, pool, chunks, bytes, ways });
        }
    }
    Ok(pools)
}

struct Walk<'p, F> {
    plan: &'p Plan,
    carries: &'p F,
    count: u32,
    taken: BTreeMap<(u32, usize), u16>,
}

impl<F: Fn(u32) -> bool> Walk<'_, F> {
    /// `forks` are the branches taken on the way to the lane. What a stage behind the first one takes goes the same way.
    fn follow(&mut self, lane: &LanePlan, forks: &mut Vec<(u32, usize)>) -> Result<(), Error> {
        let (plan, stage) = (self.plan, lane.last().stage);
        let Some(ring) = lane.outlet.as_ref().filter(|_| (self.carries)(stage)) else {
            return self.arrive(lane.first().name, forks);
        };
        let is_fork = ring.groups.len() > 1;
        for (number, group) in ring.groups.iter().enumerate() {
            let mut readers: Vec<&LanePlan> =
                group.members.iter().map(|member| &plan.lanes[*member]).collect();
            readers.dedup_by_key(|reader| reader.first().stage);
            for reader in readers {
                forks.extend(is_fork.then_some((stage, number)));
                self.follow(reader, forks)?;
                forks.truncate(forks.len() - usize::from(is_fork));
            }
        }
        Ok(())
    }

    fn arrive(&mut self, name: &str, forks: &[(u32, usize)]) -> Result<(), Error> {
        if self.count == WAYS_MAX {
            return Err(Error::new(
                ErrorKind::Start,
                format_args!(
                    "there are more than {WAYS_MAX} ways for a chunk through the replicated forks up to `{name}`: \
                     let fewer branches share it"
                ),
            ));
        }
        for branch in forks {
            *self.taken.entry(*branch).or_default() |= 1 << self.count;
        }
        self.count += 1;
        Ok(())
    }
}
