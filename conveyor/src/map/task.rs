//! What travels between the caller and the workers of a pool.

use super::entry::Entry;
use super::home::Home;
use crate::Message;
use crate::message::Encoded;
use std::ops::Range;

/// What a worker calls for a share: the instance for a map's types.
pub(super) type Run = fn(&TaskView<'_>, &mut Home) -> Outcome;

/// A share of a map.
#[derive(Message)]
#[message(crate = crate)]
pub(super) struct Task {
    pub(super) run: Entry<Run>,
    /// The number of the map.
    pub(super) map: u64,
    /// The maps that are under way: all others are over.
    pub(super) live: Vec<u64>,
    /// Its number in the run, from 1, and whether it may be begun once only.
    pub(super) number: u32,
    pub(super) once: bool,
    /// An item that fails is the last one.
    pub(super) stops: bool,
    /// The pools of threads that wait for this.
    pub(super) within: Vec<u64>,
    /// Its first item, and how many there are.
    pub(super) first: u64,
    pub(super) len: u64,
    /// For the instance alone.
    pub(super) args: Encoded,
}

impl Task {
    /// Without items, and of no map.
    pub(super) fn new(run: Entry<Run>, args: Encoded) -> Task {
        let (live, within) = (Vec::new(), Vec::new());
        Task { run, map: 0, live, number: 0, once: false, stops: false, within, first: 0, len: 0, args }
    }
}

/// What came of it.
#[derive(Message)]
#[message(crate = crate)]
pub(super) struct Done {
    pub(super) map: u64,
    pub(super) first: u64,
    pub(super) worker: u32,
    /// How long it has taken, and how much of that on a core, in nanoseconds.
    pub(super) busy: u64,
    pub(super) cpu: u64,
    /// How long of that it was at its items; nothing if it has failed.
    pub(super) at_items: u64,
    /// The core it was on in the end.
    pub(super) core: Option<u32>,
    pub(super) outcome: Outcome,
}

/// What has come of the items.
#[derive(Default, Message)]
#[message(crate = crate)]
pub(super) struct Outcome {
    /// For the instance alone; nothing if no item has done well.
    pub(super) gathered: Encoded,
    /// The items without an answer, from each first one to the one behind the last, in order.
    pub(super) missing: Vec<(u64, u64)>,
    /// With the lowest index, if there are several.
    pub(super) fault: Option<Fault>,
}

impl Outcome {
    /// Nothing has come of these items.
    pub(super) fn of(fault: Fault, items: Range<u64>) -> Outcome {
        Outcome { gathered: Encoded::default(), missing: vec![(items.start, items.end)], fault: Some(fault) }
    }

    /// How many items have no answer.
    pub(super) fn lacks(&self) -> usize {
        lacking(&self.missing)
    }
}

/// Why an item has failed, or all of them.
#[derive(Debug, Message)]
#[message(crate = crate)]
pub(super) struct Fault {
    pub(super) place: Place,
    pub(super) panicked: bool,
    pub(super) text: String,
}

/// Where in a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Message)]
#[message(crate = crate)]
pub(super) enum Place {
    /// Before the first item, or behind the last one.
    Share,
    /// In a hook.
    Init,
    Finish,
    /// In the kernel, at the item with this index.
    Item(u64),
}

/// How many items these ranges have, which a worker has written: they may be damaged.
pub(super) fn lacking(missing: &[(u64, u64)]) -> usize {
    let lengths = missing.iter().map(|(start, end)| end.saturating_sub(*start) as usize);
    lengths.fold(0, usize::saturating_add)
}
