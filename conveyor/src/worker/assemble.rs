//! A lane as the plan has it, on the memory of its run.

use crate::graph::options::Policy;
use crate::graph::plan::{Inlet, LanePlan, Plan, RingPlan, Tap, WIDTH_MAX};
use crate::lane::intake::{Gate, Intake, Merge, Ordered, Share, ShareParts, Whole, Zip};
use crate::lane::{Lane, Parts, RESUMES};
use crate::memory::map::Map;
use crate::memory::shared::{Originals, Pools, SharedPool, Tray};
use crate::ring::WhenFull;
use crate::ring::claim::LANES_MAX;
use crate::ring::patience::Patience;
use crate::ring::reader::Reader;
use crate::ring::values;
use crate::ring::writer::{Group, Writer};
use crate::sync::mutant::Mutant;
use std::sync::Arc;

const _: () = assert!(WIDTH_MAX <= LANES_MAX, "every worker of a fork can claim");

/// Pauses that are worth it while every stage has a core.
const PAUSES: u32 = 50;
/// Looks, with the core given to others in between, before a lane sleeps.
const YIELDS: u32 = 16;

/// How patient lanes are: pure waiting only when nobody else wants the core. The caller is one, however many ends it has:
/// it waits at one of them at a time.
pub(crate) fn patience(plan: &Plan, cores: usize) -> Patience {
    let (callers, workers): (Vec<_>, Vec<_>) = plan.lanes.iter().partition(|lane| lane.is_callers());
    let at_work = workers.len() + callers.len().min(1);
    Patience {
        pauses: if at_work <= cores { PAUSES } else { 0 },
        yields: YIELDS,
        may_nap: plan.waits_for_rings(),
    }
}

/// Whose lane it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The caller may keep what it has received: its chunks go back when they are dropped.
    Caller,
    /// A worker's chunks go back with the commit of the step that has dropped them.
    Worker,
}

/// The lane with this number, where its record says that it is.
pub(crate) fn assemble(map: &Arc<Map>, plan: &Plan, number: usize, cores: usize, side: Side) -> Lane {
    let lane = &plan.lanes[number];
    let pools = pools(map, (number, lane), side);
    let (_, values) = map.record(number).restore();
    let shape = map.shape(number);
    let writer = lane.outlet.as_ref().map(|ring| {
        let groups = ring_groups(map, number, ring, &values);
        let arena = if Mutant::ArenaForgotten.is_on() { 0 } else { values[values::ARENA] as usize };
        Writer::new(map.slots(number), groups, values[values::TAIL], arena)
    });
    let own_pools = own_pools(map, number, pools.as_ref(), patience(plan, cores));
    let mut assembled = Lane::new(Parts {
        record: map.record(number),
        bell: map.bell(number),
        desk: map.desk(number),
        stop: map.stop(),
        winding_down: map.winding_down(),
        marks: map.marks(),
        audience: map.audience(),
        patience: patience(plan, cores),
        intake: intake(map, plan, number, &values, pools.as_ref()),
        writer,
        stamps: (0..own_pools.len()).map(|pool| shape.stamp(pool)).collect(),
        own_pools,
        ledger: map.ledger(number),
        may_part: lane.is_deterministic(),
        has_pools: pools.is_some(),
        is_share: is_share(lane),
        pools: pools.filter(|_| side == Side::Worker),
        drops: shape.drops(),
        givers: rings_read(lane).filter_map(|ring| plan.lanes[ring].givers().next_back()).collect(),
        members: lane.givers().collect(),
        when_full: lane.outlet.as_ref().map_or(WhenFull::Block, |ring| ring.options.when_full),
        taken_max: taken_max(map, lane),
        batch: lane.outlet.as_ref().and_then(|ring| ring.options.batch).map(|batch| batch as u64),
        name: name(lane),
        giver_names: rings_read(lane).map(|ring| name(&plan.lanes[ring])).collect(),
        taker_names: taker_names(plan, lane),
        outlet_name: lane.outlet.as_ref().map_or("", |ring| ring.pipe_name),
        _memory: map.clone(),
    });
    if lane.stages.iter().any(|stage| stage.options.deadline.is_some()) {
        assembled.takes_singly();
    }
    assembled
}

/// The rings that it reads, by whose they are.
fn rings_read(lane: &LanePlan) -> impl Iterator<Item = usize> {
    lane.inlet.iter().flat_map(Inlet::taps).map(|tap| tap.ring)
}

/// Of a ring that it shares with others, or where chunks are given back, no more than a few.
fn taken_max(map: &Map, lane: &LanePlan) -> u64 {
    if is_share(lane) || !map.pools().is_empty() {
        return 0;
    }
    let rings = rings_read(lane).map(|ring| map.slots(ring).geometry().holds() / 8);
    rings.min().unwrap_or(u64::MAX)
}

fn is_share(lane: &LanePlan) -> bool {
    matches!(lane.inlet, Some(Inlet::Share(_)))
}

/// As errors call it.
fn name(lane: &LanePlan) -> String {
    if lane.is_callers() { "the caller".to_owned() } else { format!("`{lane}`") }
}

fn taker_names(plan: &Plan, lane: &LanePlan) -> String {
    let members = lane.outlet.iter().flat_map(|ring| &ring.groups).flat_map(|group| &group.members);
    let names: Vec<String> = members.map(|member| name(&plan.lanes[*member])).collect();
    names.join(" or ")
}

fn pools(map: &Arc<Map>, (number, lane): (usize, &LanePlan), side: Side) -> Option<Arc<Pools>> {
    let places = map.pools();
    let has_any = !places.is_empty();
    let is_worker = side == Side::Worker;
    has_any.then(|| {
        let changed = map.desk(number).changed_word();
        let originals = match map.undo(number) {
            _ if !is_worker || !RESUMES => Originals::None,
            Some(copies) if lane.is_deterministic() => Originals::Copied(copies, changed),
            None if lane.is_deterministic() => Originals::None,
            Some(undo) => Originals::Kept(undo),
            None => Originals::Noted(changed),
        };
        Arc::new(Pools::new(places, is_worker, originals, map.stop(), map.clone()))
    })
}

/// The pools that the lane takes chunks from, by the number of their declaration.
fn own_pools(
    map: &Map,
    lane: usize,
    pools: Option<&Arc<Pools>>,
    patience: Patience,
) -> Vec<(u32, SharedPool)> {
    let own = map.pool_plans().enumerate().filter(|(_, plan)| plan.lane == lane);
    let own = own.filter_map(|(number, plan)| {
        Some((plan.pool, SharedPool::new(pools?.clone(), number as u16, patience, map.desk(lane))))
    });
    own.collect()
}

/// What a reader of a ring needs for the chunks in its messages.
fn tray(map: &Map, plan: &Plan, tap: &Tap, pools: Option<&Arc<Pools>>) -> Option<Arc<Tray>> {
    let writer = plan.lanes[tap.ring].last().stage;
    let ways = map.pool_plans().map(|pool| pool.ways.of_group(writer, tap.group)).collect();
    pools.map(|pools| Arc::new(Tray { pools: pools.clone(), ways }))
}

fn ring_groups(map: &Map, number: usize, ring: &RingPlan, values: &[u64]) -> Vec<Group<'static>> {
    let mut forks = 0;
    let groups = ring.groups.iter().enumerate().map(|(index, group)| {
        let bell = |member: &usize| map.bell(*member);
        if group.shared {
            let value = map.shape(number).freed(forks);
            forks += 1;
            Group::Claims {
                claims: map.claims(number, index).0,
                freed: if Mutant::FreedForgotten.is_on() { values[values::TAIL] } else { values[value] },
                value,
                bells: group.members.iter().map(bell).collect(),
                in_turn: group.fork.policy == Policy::RoundRobin,
                steering: group.auto.map(|_| map.steering()),
            }
        } else {
            let member = group.members[0];
            Group::Reader {
                record: map.record(member),
                value: values::head(group.part),
                bell: map.bell(member),
            }
        }
    });
    groups.collect()
}

fn intake(
    map: &Map,
    plan: &Plan,
    number: usize,
    values: &[u64],
    pools: Option<&Arc<Pools>>,
) -> Option<Box<dyn Intake>> {
    let LanePlan { inlet, depth, .. } = &plan.lanes[number];
    let reader = |(part, tap): (usize, &Tap)| {
        Reader::new(
            map.slots(tap.ring),
            map.record(tap.ring),
            map.bell(tap.ring),
            values[values::head(part)],
            tray(map, plan, tap, pools),
        )
    };
    let readers = |taps: &[Tap]| taps.iter().enumerate().map(reader).collect();
    Some(match inlet.as_ref()? {
        Inlet::Whole(tap) => {
            Box::new(Whole { reader: reader((0, tap)), opens: plan.ring(tap).groups[tap.group].opens })
        }
        Inlet::Share(tap) => {
            let group = &plan.ring(tap).groups[tap.group];
            let window = group.fork.window.zip(group.gate);
            let (claims, width) = map.claims(tap.ring, tap.group);
            let parts = ShareParts {
                slots: map.slots(tap.ring),
                tray: tray(map, plan, tap, pools),
                writer: map.record(tap.ring),
                writer_bell: map.bell(tap.ring),
                claims,
                width,
                owner: tap.member,
                bells: group.members.iter().map(|member| map.bell(*member)).collect(),
                in_turn: group.fork.policy == Policy::RoundRobin,
                opens: group.opens,
                gate: window.map(|(window, join)| Gate { join: map.record(join), window: window as u64 }),
            };
            Box::new(Share::new(parts, values[values::DONE]))
        }
        Inlet::Merge(taps) => Box::new(Merge::new(readers(taps), values[values::DONE])),
        Inlet::Ordered(taps) => {
            let gated = plan.gated_by(number).map(|lane| map.bell(lane)).collect();
            Box::new(Ordered::new(readers(taps), values[values::DONE], gated))
        }
        Inlet::Zip(_, taps) => Box::new(Zip::new(readers(taps), *depth)),
    })
}
