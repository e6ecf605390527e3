//! A run's segment as this process sees it: typed views of what the layout says.
//!
//! All views are `'static` in type only: whoever keeps one keeps the [`Arc`] of the map, too. They are words that are
//! atomic, or addresses; nothing here hands out a plain reference to memory that another process writes.

#[cfg(feature = "proof")]
mod proof;

use super::layout::{LINE, LaneSpot, Layout, head, shared_bell};
use super::shared::PoolPlace;
use crate::graph::plan::PoolPlan;
use crate::lane::{DESK_WORDS, Desk, LAST_WORDS_LEN, LastWords, Ledger};
use crate::ring::bell::Bell;
use crate::ring::claim::Claims;
use crate::ring::record::Record;
use crate::ring::slots::Slots;
use crate::ring::values::Shape;
use crate::ring::width::Width;
use crate::sync::{AtomicU8, AtomicU32, AtomicU64};
use crate::sys::panic::PanicArea;
use crate::sys::segment::Segment;
use crate::{Error, ErrorKind};
use std::sync::Arc;

const MAGIC: u64 = u64::from_le_bytes(*b"conveyor");

/// A segment and its layout.
pub(crate) struct Map {
    segment: Arc<Segment>,
    layout: Layout,
}

/// What the head of a segment says about the texts in it, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts {
    pub(crate) settings: usize,
    pub(crate) params: usize,
}

impl Texts {
    /// Reads the head of a segment that another process has made.
    ///
    /// # Errors
    /// When it is not the head of a run.
    pub(crate) fn of(segment: &Segment) -> Result<Texts, Error> {
        let word = |at: usize| {
            // SAFETY: a segment is at least a page long and aligned to a page, and its head was written before any
            // worker was started.
            unsafe { segment.base().add(at).cast::<u64>().read() }
        };
        let len = segment.len() as u64;
        let (settings, params) = (word(head::SETTINGS), word(head::PARAMS));
        if word(head::MAGIC) != MAGIC || settings > len || params > len {
            return Err(Error::new(ErrorKind::Start, "the shared memory is not that of a run"));
        }
        Ok(Texts { settings: settings as usize, params: params as usize })
    }

    /// The settings, which stand right behind the head.
    pub(crate) fn settings<'s>(&self, segment: &'s Segment) -> &'s [u8] {
        let len = self.settings.min(segment.len() - head::LEN);
        // SAFETY: in the segment, written before any worker was started, and not written since.
        unsafe { std::slice::from_raw_parts(segment.base().as_ptr().add(head::LEN), len) }
    }
}

impl Map {
    /// # Errors
    /// When the segment is smaller than the layout.
    pub(crate) fn new(segment: Arc<Segment>, layout: Layout) -> Result<Arc<Map>, Error> {
        if segment.len() < layout.len {
            return Err(Error::new(ErrorKind::Start, "the shared memory is smaller than the pipeline needs"));
        }
        Ok(Arc::new(Map { segment, layout }))
    }

    /// Fills in the head and the two texts, before any worker is started.
    pub(crate) fn fill_in(&self, settings: &[u8], params: &[u8]) {
        for (range, text) in [(&self.layout.settings, settings), (&self.layout.params, params)] {
            assert_eq!(range.len(), text.len(), "the layout was made for these texts");
            // SAFETY: the range lies in the segment (`new`), and nobody else has it mapped yet.
            unsafe { self.at(range.start).copy_from_nonoverlapping(text.as_ptr(), text.len()) };
        }
        let head = [
            (head::SETTINGS, settings.len() as u64),
            (head::PARAMS, params.len() as u64),
            (head::MAGIC, MAGIC),
        ];
        for (at, value) in head {
            // SAFETY: the head lies at the start of the segment, and nobody else has it mapped yet.
            unsafe { self.at(at).cast::<u64>().write(value) };
        }
    }

    pub(crate) fn params(&self) -> &[u8] {
        let range = &self.layout.params;
        // SAFETY: in the segment (`new`), and not written any more once workers run.
        unsafe { std::slice::from_raw_parts(self.at(range.start), range.len()) }
    }

    fn at(&self, offset: usize) -> *mut u8 {
        assert!(offset <= self.segment.len(), "the layout fits into the segment");
        self.segment.base().as_ptr().wrapping_add(offset)
    }

    /// `count` values of an atomic type, which any bytes are and which may be shared with other processes.
    fn atomics<T: Atomic>(&self, offset: usize, count: usize) -> &'static [T] {
        assert!(
            offset.is_multiple_of(align_of::<T>()) && offset + count * size_of::<T>() <= self.segment.len()
        );
        // SAFETY: in bounds and aligned (just checked); the memory stays mapped as long as the map, which whoever
        // keeps the view keeps, too (see the file's head).
        unsafe { std::slice::from_raw_parts(self.at(offset).cast::<T>(), count) }
    }

    pub(crate) fn stop(&self) -> &'static AtomicU32 {
        &self.atomics(head::STOP, 1)[0]
    }

    /// Not 0 when nothing more is to come into the run.
    pub(crate) fn winding_down(&self) -> &'static AtomicU32 {
        &self.atomics(head::WINDING_DOWN, 1)[0]
    }

    pub(crate) fn marks(&self) -> &'static AtomicU32 {
        &self.atomics(head::MARKS, 1)[0]
    }

    /// Makes what the caller and other lanes write read-only in this process, so that a stray pointer cannot reach it.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn protect_others(&self, lane: usize) -> Result<(), Error> {
        let Layout { bells, lanes, lanes_end, .. } = &self.layout;
        let start = |lane: usize| lanes.get(lane).map_or(*lanes_end, |spot| spot.record);
        self.segment.protect_read_only(0..*bells)?;
        self.segment.protect_read_only(start(0)..start(lane))?;
        self.segment.protect_read_only(start(lane + 1)..*lanes_end)
    }

    /// What the caller sleeps on while it waits for sinks.
    pub(crate) fn audience(&self) -> Bell<'static> {
        self.bell(self.lanes() + shared_bell::AUDIENCE)
    }

    /// What the one who sets the widths of forks sleeps on.
    pub(crate) fn steering(&self) -> Bell<'static> {
        self.bell(self.lanes() + shared_bell::STEERING)
    }

    pub(crate) fn lanes(&self) -> usize {
        self.layout.lanes.len()
    }

    pub(crate) fn bell(&self, lane: usize) -> Bell<'static> {
        Bell(&self.atomics(self.layout.bells + lane * LINE, 1)[0])
    }

    pub(crate) fn record(&self, lane: usize) -> Record<'static> {
        let spot = &self.layout.lanes[lane];
        let values = spot.shape.count();
        Record::new(self.atomics::<AtomicU64>(spot.record, Record::words(values)), values)
    }

    /// What stands in a lane's record.
    pub(crate) fn shape(&self, lane: usize) -> Shape {
        self.layout.lanes[lane].shape
    }

    pub(crate) fn ledger(&self, lane: usize) -> Ledger<'static> {
        let LaneSpot { ledger, ledger_size, .. } = self.layout.lanes[lane];
        Ledger::new(self.atomics::<AtomicU64>(ledger, ledger_size.words()), ledger_size)
    }

    pub(crate) fn desk(&self, lane: usize) -> Desk<'static> {
        let spot = &self.layout.lanes[lane];
        Desk::new(self.atomics::<AtomicU64>(spot.desk, spot.stages * DESK_WORDS))
    }

    pub(crate) fn last_words(&self, lane: usize) -> LastWords<'static> {
        LastWords::new(self.atomics::<AtomicU8>(self.layout.lanes[lane].last_words, LAST_WORDS_LEN))
    }

    pub(crate) fn panics(&self, lane: usize) -> &'static PanicArea {
        &self.atomics::<PanicArea>(self.layout.lanes[lane].panics, 1)[0]
    }

    /// The ring that a lane writes.
    ///
    /// # Panics
    /// When it writes none.
    pub(crate) fn slots(&self, lane: usize) -> Slots {
        let spot = self.layout.lanes[lane].ring.as_ref().expect("what is read is written");
        let (slots, columns, arena) = (self.at(spot.slots), self.at(spot.columns), self.at(spot.arena));
        // SAFETY: the layout has made these areas for this geometry, within the segment; they stay mapped as long as
        // the map.
        unsafe { Slots::new(spot.geometry, slots, columns.cast(), arena) }
    }

    /// The claims of a shared group of readers, and how many of its members claim.
    ///
    /// # Panics
    /// When the group is not shared.
    pub(crate) fn claims(&self, lane: usize, group: usize) -> (Claims<'static>, Width<'static>) {
        let spot = self.layout.lanes[lane].ring.as_ref().expect("what is read is written");
        let at = spot.claims[group].expect("only shared groups claim");
        // whoever claims reads the hint, too: so the width costs no line of its own
        let [hint, width] = self.atomics(at, 2) else { unreachable!("two words were asked for") };
        (Claims::new(self.atomics(at + LINE, spot.geometry.slots), hint), Width::new(width))
    }

    /// All pools of the run.
    pub(crate) fn pools(&self) -> Vec<PoolPlace> {
        let places = self.layout.pools.iter().map(|spot| PoolPlace {
            first: self.at(spot.chunks),
            stride: spot.stride,
            bytes: spot.plan.bytes,
            holders: self.atomics(spot.holders, spot.plan.chunks),
            owner: self.bell(spot.plan.lane),
            ways: spot.plan.ways.all,
        });
        places.collect()
    }

    /// What the plan says of them.
    pub(crate) fn pool_plans(&self) -> impl Iterator<Item = &PoolPlan> {
        self.layout.pools.iter().map(|spot| &spot.plan)
    }
}

/// Types of which any bytes are a value, and which other processes may change at any time.
trait Atomic {}
impl Atomic for AtomicU8 {}
impl Atomic for AtomicU32 {}
impl Atomic for AtomicU64 {}
impl Atomic for PanicArea {}
