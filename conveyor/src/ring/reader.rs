//! The reading end of a ring whose group has one member.

use super::bell::{Bell, Reason, Sleep};
use super::record::{Hot, Record};
use super::slots::Slots;
use super::span::Span;
use super::values::Flags;
use crate::memory::Tray;
use std::sync::Arc;

/// Reads one ring.
pub(crate) struct Reader<'m> {
    slots: Slots,
    /// Where messages may hold chunks.
    tray: Option<Arc<Tray>>,
    writer: Record<'m>,
    writer_bell: Bell<'m>,
    /// What has been used up: ours alone, ahead of what the record says.
    head: u64,
    /// What the record says.
    released: u64,
    /// What the writer had published when we last looked; may be stale.
    tail: u64,
    flags: Flags,
}

impl<'m> Reader<'m> {
    /// Goes on at `head`.
    pub(crate) fn new(
        slots: Slots,
        writer: Record<'m>,
        writer_bell: Bell<'m>,
        head: u64,
        tray: Option<Arc<Tray>>,
    ) -> Reader<'m> {
        Reader { slots, tray, writer, writer_bell, head, released: head, tail: head, flags: Flags::default() }
    }

    pub(crate) fn slots(&self) -> &Slots {
        &self.slots
    }

    /// The first messages at hand.
    ///
    /// # Safety
    /// As for [`Slots::span`]; and the span is not used when the reader is gone.
    pub(crate) unsafe fn span<'a>(&self, len: usize) -> Span<'a> {
        // SAFETY: as the caller says.
        let tray = self.tray.as_ref().map(|tray| unsafe { &*Arc::as_ptr(tray) });
        // SAFETY: as the caller says.
        unsafe { self.slots.span(self.head, len) }.with_tray(tray)
    }

    pub(crate) fn head(&self) -> u64 {
        self.head
    }

    pub(crate) fn flags(&self) -> Flags {
        self.flags
    }

    /// Messages at hand, without looking at the writer again.
    #[inline]
    pub(crate) fn at_hand(&self) -> u64 {
        self.tail.wrapping_sub(self.head)
    }

    /// Messages at hand, after a look at the writer if there were none.
    #[inline]
    pub(crate) fn look(&mut self) -> u64 {
        if self.at_hand() == 0 {
            self.refresh();
        }
        self.at_hand()
    }

    /// Looks at the writer. A tail that cannot be (a damaged record) counts as nothing new.
    pub(crate) fn refresh(&mut self) {
        let Hot([tail, _, flags]) = self.writer.hot();
        if tail.wrapping_sub(self.head) <= self.slots.geometry().slots as u64 {
            self.tail = tail;
            self.flags = Flags::unpack(flags);
        }
    }

    /// Messages at hand that lie in one piece.
    #[inline]
    pub(crate) fn run(&self) -> u64 {
        self.at_hand().min(self.slots.contiguous(self.head))
    }

    #[inline]
    pub(crate) fn advance(&mut self, messages: u64) {
        self.head = self.head.wrapping_add(messages);
    }

    /// Does the writer sleep for lack of room?
    pub(crate) fn writer_sleeps(&self) -> bool {
        self.writer_bell.sleeps_for(&[Reason::Room, Reason::AnyRoom])
    }

    /// After the commit that released what was used up: wakes the writer if it waits for that.
    pub(crate) fn wake_writer(&mut self, sleep: &impl Sleep) {
        if self.released == self.head {
            return;
        }
        self.released = self.head;
        if self.writer_bell.sleeps_for(&[Reason::AnyRoom])
            || (self.writer_bell.sleeps_for(&[Reason::Room]) && self.half_empty())
        {
            self.writer_bell.ring(sleep);
        }
    }

    fn half_empty(&mut self) -> bool {
        self.refresh();
        self.at_hand() <= self.slots.geometry().capacity / 2
    }
}
