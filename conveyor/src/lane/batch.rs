//! How many messages a lane publishes at once.

use super::Parts;
use crate::sync::puppet;

/// A run is published at the latest after so many messages, unless the user says otherwise.
const BATCH_MAX: u64 = 1024;
/// The same for a lane whose inlet does not hold many times as many.
const BATCH_USUAL: u64 = 128;

/// After so many messages of a run a lane looks whether it is time to publish: they may have become expensive. The proof has
/// rings of few slots.
#[inline(always)]
pub(crate) fn stretch_max() -> usize {
    if puppet::is_puppet() { 3 } else { 128 }
}

/// How many messages are published at once, at most.
pub(super) fn batch(parts: &Parts) -> u64 {
    if !parts.own_pools.is_empty() {
        return 1; // a chunk that is waited for may be in a message that is not yet published
    }
    let holds = parts.writer.as_ref().map_or(u64::MAX, |writer| writer.slots().geometry().holds());
    let batch_usual = if puppet::is_puppet() { 4 } else { BATCH_USUAL };
    let usual = BATCH_MAX.min(holds / 8).min(parts.taken_max.max(batch_usual));
    parts.batch.map_or(usual, |batch| batch.min(holds)).max(1)
}
