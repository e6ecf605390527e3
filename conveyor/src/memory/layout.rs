//! Where everything lies in a run's segment. A pure function of the plan and the types on its edges; caller and workers
//! compute it alike.
//!
//! Areas in order, each in whole pages: what only the caller writes, which is the head with the run's control words and what
//! the workers are told (settings, parameters); what everybody writes, which is bells, claim words and holder words; then
//! what each lane alone writes: its record, desk and last words, and its ring; then the chunks. So workers can map what
//! others write read-only. Arenas are reserved only as far as they are normally used: the rest is there
//! for large messages, and gets memory when it is first needed.

use crate::graph::facts::TypeFacts;
use crate::graph::plan::{Inlet, LanePlan, Plan, PoolPlan, RingPlan, TOMBSTONES};
use crate::graph::recovery::Copies;
use crate::lane::{DESK_WORDS, LAST_WORDS_LEN, LedgerSize};
use crate::memory::shared::UndoSize;
use crate::ring::record::Record;
use crate::ring::slots::Geometry;
use crate::ring::values;
use crate::ring::{Place, WhenFull};
use crate::sys::panic::PanicArea;
use crate::{Error, ErrorKind};
use std::ops::Range;

/// Words of different writers are so far apart.
pub(crate) const LINE: usize = 128;
const SLOTS_USUAL: usize = 8192;
const RING_BYTES_USUAL: usize = 512 << 10;
const RING_BYTES_MAX: usize = 16 << 20;
/// So many chunks may be changed in place in one step; of more, the step gets copies of its own.
const UNDO_SLOTS: usize = 4;
/// So much of an undo area is reserved, in bytes.
const UNDO_BYTES_USUAL: usize = 64 << 10;
/// A plain message above this is refused by value.
const PLAIN_BYTES_MAX: usize = 64 << 10;

/// What the layout depends on beside the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// All pipes of default capacity together shall not take more than this, in bytes: the last-level cache.
    pub(crate) cache: usize,
    /// Bytes of a page of memory.
    pub(crate) page: usize,
    /// In bytes.
    pub(crate) settings: usize,
    /// In bytes.
    pub(crate) params: usize,
}

/// Offsets into the segment, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    pub(crate) settings: Range<usize>,
    pub(crate) params: Range<usize>,
    /// One [`LINE`] per lane, and those of [`shared_bell`].
    pub(crate) bells: usize,
    /// What each lane alone writes: from its record up to the next lane's.
    pub(crate) lanes: Vec<LaneSpot>,
    pub(crate) lanes_end: usize,
    pub(crate) pools: Vec<PoolSpot>,
    pub(crate) len: usize,
    /// What has to be reserved: everything but the rarely used parts of arenas.
    pub(crate) reserved: Vec<Range<usize>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LaneSpot {
    pub(crate) record: usize,
    /// What stands in the record.
    pub(crate) shape: values::Shape,
    pub(crate) ledger: usize,
    pub(crate) ledger_size: LedgerSize,
    /// If chunks come with its messages and it can be replaced.
    pub(crate) undo: Option<UndoSpot>,
    /// A desk for each stage of the lane.
    pub(crate) desk: usize,
    pub(crate) stages: usize,
    pub(crate) last_words: usize,
    pub(crate) panics: usize,
    pub(crate) ring: Option<RingSpot>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UndoSpot {
    pub(crate) entries: usize,
    pub(crate) slots: usize,
    pub(crate) size: UndoSize,
    /// In bytes, from the first slot on.
    pub(crate) reserved: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RingSpot {
    pub(crate) geometry: Geometry,
    pub(crate) slots: usize,
    pub(crate) columns: usize,
    pub(crate) arena: usize,
    /// Per group of readers; only shared groups have claim words: a line for the hint and the width, then one
    /// word per slot.
    pub(crate) claims: Vec<Option<usize>>,
}

/// A pool of one lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PoolSpot {
    pub(crate) plan: PoolPlan,
    /// One word per chunk.
    pub(crate) holders: usize,
    pub(crate) chunks: usize,
    /// From chunk to chunk.
    pub(crate) stride: usize,
}

/// The head: magic number, sizes of the two texts, then control words on lines of their own.
pub(crate) mod head {
    use super::LINE;
    pub(crate) const MAGIC: usize = 0;
    pub(crate) const SETTINGS: usize = 8;
    pub(crate) const PARAMS: usize = 16;
    pub(crate) const STOP: usize = LINE;
    /// Written once in a run, like the word before it.
    pub(crate) const WINDING_DOWN: usize = STOP + 4;
    pub(crate) const MARKS: usize = 2 * LINE;
    pub(crate) const LEN: usize = 3 * LINE;
}

/// Bells behind those of the lanes.
pub(crate) mod shared_bell {
    pub(crate) const AUDIENCE: usize = 0;
    pub(crate) const STEERING: usize = 1;
    pub(crate) const COUNT: usize = 2;
}

/// Hands out the segment from the front.
struct Tape(usize);

impl Tape {
    fn take(&mut self, len: usize, align: usize) -> usize {
        // what does not fit into the address space is refused when the segment is made
        let at = self.0.checked_next_multiple_of(align).unwrap_or(usize::MAX / align * align);
        self.0 = at.saturating_add(len);
        at
    }
}

/// What the layout wants to know of lanes and their stages.
pub(crate) struct About<G, C, U> {
    /// What a stage gives.
    pub(crate) gives: G,
    /// How many bytes the state of a lane's stages may take.
    pub(crate) checkpoint: C,
    /// Which chunks a lane makes copies of.
    pub(crate) copies: U,
}

/// Lays out a run.
///
/// # Errors
/// When a plain message is too large to travel by value.
pub(crate) fn layout(
    plan: &Plan,
    pools: &[PoolPlan],
    About { gives, checkpoint, copies }: About<
        impl Fn(u32) -> TypeFacts,
        impl Fn(&LanePlan) -> usize,
        impl Fn(&LanePlan) -> Copies,
    >,
    budget: Budget,
) -> Result<Layout, Error> {
    let page = budget.page;
    let rings = plan.lanes.iter().filter(|lane| lane.outlet.is_some()).count();
    let fair = (budget.cache / rings.max(1)).clamp(RING_BYTES_USUAL, RING_BYTES_MAX);
    let mut tape = Tape(head::LEN);
    let settings = tape.take(budget.settings, LINE);
    let params = tape.take(budget.params, LINE);
    let bells = tape.take((plan.lanes.len() + shared_bell::COUNT) * LINE, page);
    let mut geometries = Vec::new();
    for lane in &plan.lanes {
        let ring = lane.outlet.as_ref();
        geometries.push(
            ring.map(|ring| geometry(ring, gives(lane.last().stage), lane.last().name, (fair, page)))
                .transpose()?,
        );
    }
    let mut claims: Vec<Vec<Option<usize>>> = Vec::new();
    for (lane, geometry) in plan.lanes.iter().zip(&geometries) {
        let groups = lane.outlet.as_ref().map_or(&[][..], |ring| &ring.groups);
        let slots = geometry.map_or(0, |geometry| geometry.slots);
        let words = |shared: bool, tape: &mut Tape| shared.then(|| tape.take(LINE + slots * 8, LINE));
        claims.push(groups.iter().map(|group| words(group.shared, &mut tape)).collect());
    }
    let chunks: usize = pools.iter().map(|pool| pool.chunks).sum();
    let holders: Vec<_> = pools.iter().map(|pool| tape.take(pool.chunks * 8, LINE)).collect();
    let mut lanes = Vec::new();
    let mut rare: Vec<Range<usize>> = Vec::new();
    for (number, ((lane, geometry), claims)) in plan.lanes.iter().zip(geometries).zip(claims).enumerate() {
        let shape = values::Shape {
            rings: lane.inlet.as_ref().map_or(0, Inlet::rings),
            shared: claims.iter().flatten().count(),
            pools: pools.iter().filter(|pool| pool.lane == number).count(),
            drops: plan.drops(number),
        };
        let record = tape.take(Record::words(shape.count()) * 8, page);
        let undo_size = undo_size(copies(lane), pools);
        let ledger_size = if lane.is_callers() {
            LedgerSize::default()
        } else {
            let gone = if lane.is_deterministic() { undo_size.slots } else { 0 };
            LedgerSize { handles: chunks + gone, state: checkpoint(lane) }
        };
        let ledger = tape.take(ledger_size.words() * 8, LINE);
        let undo = (undo_size.slots > 0).then(|| undo(undo_size, page, &mut tape, &mut rare));
        let stages = lane.stages.len();
        let desk = tape.take(stages * DESK_WORDS * 8, LINE);
        let last_words = tape.take(LAST_WORDS_LEN, LINE);
        let panics = tape.take(size_of::<PanicArea>(), LINE);
        let ring = geometry.map(|geometry| {
            let slots = tape.take(geometry.slots * geometry.stride, page);
            let columns = tape.take(geometry.slots * geometry.depth * 8, LINE);
            let arena = tape.take(geometry.arena, page);
            if geometry.arena > geometry.usual {
                rare.push(
                    (arena + geometry.usual).next_multiple_of(page)..(arena + geometry.arena) / page * page,
                );
            }
            RingSpot { geometry, slots, columns, arena, claims }
        });
        let spot =
            LaneSpot { record, shape, ledger, ledger_size, undo, desk, stages, last_words, panics, ring };
        lanes.push(spot);
    }
    let lanes_end = tape.take(0, page);
    let pools = pools.iter().zip(holders).map(|(plan, holders)| {
        let stride = plan.bytes.next_multiple_of(LINE);
        let chunks = tape.take(plan.chunks * stride, page);
        PoolSpot { plan: plan.clone(), holders, chunks, stride }
    });
    let pools = pools.collect();
    let len = tape.take(0, page);
    let reserved = reserved(&rare, len);
    Ok(Layout {
        settings: settings..settings + budget.settings,
        params: params..params + budget.params,
        bells,
        lanes,
        lanes_end,
        pools,
        len,
        reserved,
    })
}

/// Of how many chunks of one message there are copies.
fn undo_size(copies: Copies, pools: &[PoolPlan]) -> UndoSize {
    let stride = pools.iter().map(|pool| pool.bytes).max().unwrap_or(0).next_multiple_of(LINE);
    let chunks: usize = pools.iter().map(|pool| pool.chunks).sum();
    let slots = match copies {
        Copies::None => 0,
        Copies::Changed => chunks.min(UNDO_SLOTS),
        // all of them, unless some are much larger than the others: not more memory than the chunks themselves have
        Copies::Gone => {
            let bytes: usize = pools.iter().map(|pool| pool.chunks.saturating_mul(pool.bytes)).sum();
            chunks.min(UNDO_SLOTS.max(bytes / stride.max(1)))
        }
    };
    UndoSize { slots, stride }
}

/// Room for these copies.
fn undo(size: UndoSize, page: usize, tape: &mut Tape, rare: &mut Vec<Range<usize>>) -> UndoSpot {
    let entries = tape.take(size.words() * 8, LINE);
    let slots = tape.take(size.bytes(), page);
    let reserved = UNDO_BYTES_USUAL.min(size.bytes());
    let end = tape.take(0, page);
    rare.push(slots.saturating_add(reserved).checked_next_multiple_of(page).unwrap_or(end).min(end)..end);
    UndoSpot { entries, slots, size, reserved }
}

/// Everything but the ranges in `rare`.
fn reserved(rare: &[Range<usize>], len: usize) -> Vec<Range<usize>> {
    let starts = std::iter::once(0).chain(rare.iter().map(|range| range.end));
    let ends = rare.iter().map(|range| range.start).chain(std::iter::once(len));
    starts.zip(ends).map(|(start, end)| start..end).filter(|range| !range.is_empty()).collect()
}

/// The sizes of a ring for messages of one type.
fn geometry(
    ring: &RingPlan,
    message: TypeFacts,
    lane: &str,
    (fair, page): (usize, usize),
) -> Result<Geometry, Error> {
    let limit = ring.limit_bytes.unwrap_or(RING_BYTES_MAX);
    let stride = if message.plain { message.size } else { size_of::<Place>() };
    if message.plain && message.size > PLAIN_BYTES_MAX {
        return Err(Error::new(
            ErrorKind::Start,
            format_args!(
                "`{lane}` gives `{}` by value, {} bytes at a time, and {PLAIN_BYTES_MAX} are the limit: \
                 put it into a `Box`, a `Vec` or a chunk of a pool",
                message.name, message.size
            ),
        ));
    }
    if message.plain && limit < stride {
        return Err(Error::new(
            ErrorKind::Start,
            format_args!(
                "`{lane}`: CV015: a pipe with `limit_bytes = {limit}` can never hold a `{}` of {stride} bytes",
                message.name
            ),
        ));
    }
    let bytes = stride.max(1);
    let usual = SLOTS_USUAL.max(RING_BYTES_USUAL / bytes).min(fair / bytes);
    let wanted = ring.capacity.unwrap_or(usual);
    let fitting = if message.plain { limit / bytes } else { RING_BYTES_MAX / bytes };
    let least = if ring.capacity == Some(1) { 1 } else { 2 };
    let capacity = wanted.min(fitting).max(least);
    let (slots, capacity, keep) = match ring.options.when_full {
        WhenFull::Block => (capacity, capacity, None),
        WhenFull::DropNewest if ring.depth == 0 => (capacity, capacity, None),
        WhenFull::DropNewest => {
            let tombstones = (RING_BYTES_USUAL / bytes).clamp(1, TOMBSTONES);
            (capacity + tombstones, capacity, None)
        }
        // the writer goes on while the reader is at work on what will then be too old
        WhenFull::DropOldest => {
            let beyond = usual.min(fitting).max(2 * capacity);
            (beyond, beyond, Some(capacity as u64))
        }
    };
    let (arena, usual) = if message.plain {
        (0, 0)
    } else {
        let arena = limit.checked_next_multiple_of(page).unwrap_or(usize::MAX - page);
        (arena, RING_BYTES_USUAL.min(arena))
    };
    let slots = slots.next_power_of_two();
    let (capacity, grows) = (capacity as u64, ring.capacity.is_some());
    Ok(Geometry { stride, slots, capacity, keep, depth: ring.depth, arena, usual, grows })
}
