//! What travels between the caller and the workers of a pool.

use super::entry::Entry;
use super::home::Home;
use crate::Message;
use crate::message::Encoded;

/// What a worker calls for a share: the instance for a map's types.
pub(super) type Run = fn(&TaskView<'_>, &mut Home) -> Result<Encoded, Fault>;

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
    /// Its first item, and how many there are.
    pub(super) first: u64,
    pub(super) len: u64,
    /// For the instance alone.
    pub(super) args: Encoded,
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
    /// For the instance alone.
    pub(super) outcome: Result<Encoded, Fault>,
}

/// Why a share has failed.
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
