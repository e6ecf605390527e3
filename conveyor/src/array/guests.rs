//! Arrays of the caller in a worker of a pool: they stay mapped from share to share, and for some maps more, because it takes
//! long to map them again.
//!
//! There they can be written: what a worker may write is decided by who deals out the parts. A worker that is a thread needs
//! nothing of this: it finds the caller's own memory.

use super::lent::Lent;
use super::memory::{Id, Memory};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError}; // once per share: nothing to model

/// For so many maps more an array stays mapped that none of them uses. The memory of one that the caller has dropped is free
/// again after that.
const MAPS: u64 = 4;

/// What a worker has mapped.
struct Guests {
    /// Maps counted so far.
    map: u64,
    /// With the last map that has used it.
    arrays: BTreeMap<Id, (Arc<Lent>, u64)>,
}

static GUESTS: Mutex<Option<Guests>> = Mutex::new(None);

/// A panic leaves it whole: every change is one call.
fn guests() -> MutexGuard<'static, Option<Guests>> {
    GUESTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This process is a worker of a pool from now on, which gets arrays with its messages.
pub(crate) fn receive() {
    guests().get_or_insert(Guests { map: 0, arrays: BTreeMap::new() });
}

/// Another map begins.
pub(crate) fn turn() {
    let mut dropped = Vec::new(); // what is unmapped is so without the lock
    if let Some(Guests { map, arrays }) = &mut *guests() {
        *map += 1;
        let old: Vec<Id> =
            arrays.iter().filter(|(_, (_, last))| last + MAPS < *map).map(|(id, _)| *id).collect();
        dropped.extend(old.iter().filter_map(|id| arrays.remove(id)));
    }
}

/// Whether this process gets arrays with its messages.
pub(super) fn are_received() -> bool {
    guests().is_some()
}

/// An array has come with a message. One of this process is none of its guests.
pub(super) fn note(memory: &Arc<Memory>) {
    if memory.is_own() {
        return;
    }
    if let Some(Guests { map, arrays }) = &mut *guests() {
        arrays.entry(memory.id()).or_insert_with(|| (Lent::of(memory), *map)).1 = *map;
    }
}
