//! What becomes of messages when a channel is full.

use crate::ring::WhenFull;
use crate::sync::{AtomicU64, Ordering};
use std::sync::Arc;

/// Messages that were dropped in the pipe behind one lane.
pub(crate) type Dropped = Arc<AtomicU64>;

/// How many messages a lane may write ahead of its readers, and what becomes of those that are too many.
#[derive(Clone, Debug)]
pub(crate) struct Brim {
    /// From 1.
    pub(crate) messages: usize,
    pub(crate) when_full: WhenFull,
    /// So many more places are there: for tombstones, or for what a reader will skip.
    pub(crate) beyond: usize,
    /// A writer waits for room. Otherwise it is asked to write only while there is some, and its last step may go
    /// beyond.
    pub(crate) waits: bool,
    /// So many may be published at once, if the user has said so: from 1.
    pub(crate) batch: Option<usize>,
    pub(crate) dropped: Dropped,
}

impl Brim {
    /// Of a sink, which writes nothing: its outlet only tells of marks and of its end.
    pub(crate) fn of_sink() -> Brim {
        Brim {
            messages: usize::MAX,
            when_full: WhenFull::Block,
            beyond: 0,
            waits: false,
            batch: None,
            dropped: Dropped::default(),
        }
    }

    pub(super) fn is_of_sink(&self) -> bool {
        self.messages == usize::MAX
    }

    pub(crate) fn places(&self) -> usize {
        self.messages.saturating_add(self.beyond)
    }

    pub(super) fn count_drop(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many of the oldest messages in a channel are too many. The writer says so, and the reader drops them when it
/// takes them: only it can leave a tombstone in their place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surplus(Arc<AtomicU64>);

impl Surplus {
    pub(super) fn get(&self) -> usize {
        self.0.load(Ordering::Acquire) as usize
    }

    pub(super) fn grow(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    /// Is the message that was just taken one of them?
    #[inline]
    pub(super) fn shrink(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
            && self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
    }
}
