//! One channel, as a reader sees it.

use crate::value::brim::{Brim, Surplus};
use crate::value::parcel::Parcel;
use crossbeam_channel::{Receiver, Select, TryRecvError};

pub(crate) struct Line<T> {
    queue: Receiver<Parcel<T>>,
    brim: Brim,
    surplus: Surplus,
    ended: bool,
    /// Everything with a smaller number has been taken, here or by another member of the group.
    seen: u64,
}

impl<T> Line<T> {
    pub(crate) fn new(queue: Receiver<Parcel<T>>, brim: Brim, surplus: Surplus) -> Line<T> {
        Line { queue, brim, surplus, ended: false, seen: 0 }
    }

    /// The next message; without its value if it is one too many.
    #[inline]
    pub(super) fn take(&mut self) -> Option<Parcel<T>> {
        match self.queue.try_recv() {
            Ok(parcel) => {
                self.seen = parcel.number() + 1;
                Some(if self.surplus.shrink() { self.drop_value(parcel) } else { parcel })
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.ended = true;
                None
            }
        }
    }

    #[cold]
    fn drop_value(&self, parcel: Parcel<T>) -> Parcel<T> {
        let (tombstone, had_value) = parcel.bury();
        if had_value {
            self.brim.count_drop();
        }
        tombstone
    }

    /// Its writer is gone, and everything has been taken.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn seen(&self) -> u64 {
        self.seen
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.queue.len() >= self.brim.stuck_at()
    }

    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        if !self.ended {
            select.recv(&self.queue);
        }
    }
}

/// A line of a join that has to look at a message before it is its turn.
pub(super) struct Side<T> {
    line: Line<T>,
    pub(super) head: Option<Parcel<T>>,
}

impl<T> Side<T> {
    pub(super) fn new(line: Line<T>) -> Side<T> {
        Side { line, head: None }
    }

    /// Is there a message?
    #[inline]
    pub(super) fn look(&mut self) -> bool {
        if self.head.is_none() {
            self.head = self.line.take();
        }
        self.head.is_some()
    }

    /// Its writer is gone, and everything has been taken.
    pub(super) fn has_ended(&self) -> bool {
        self.head.is_none() && self.line.has_ended()
    }

    /// Everything with a smaller number has been handed on.
    pub(super) fn seen(&self) -> u64 {
        self.head.as_ref().map_or(self.line.seen(), Parcel::number)
    }

    pub(super) fn waiting(&self) -> usize {
        self.line.waiting() + usize::from(self.head.is_some())
    }

    pub(super) fn is_full(&self) -> bool {
        self.line.is_full()
    }

    /// With a message at hand nothing new is waited for.
    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        if self.head.is_none() {
            self.line.watch(select);
        }
    }
}
