//! The reading end of a ring whose group has one member.

use super::bell::{Bell, Reason, Sleep};
use super::record::{Hot, Record};
use super::slots::Slots;
use super::span::Span;
use super::values::{self, Flags};
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
    /// The head at which the writer was last told to go on; see [`rouse_writer`](Self::rouse_writer).
    roused: Option<u64>,
    /// What the writer had published when we last looked; may be stale.
    tail: u64,
    flags: Flags,
    /// Where the first flush mark that has not been passed stands, or the tail.
    limit: u64,
    /// The writer has said what cannot be.
    damaged: bool,
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
        Reader {
            slots,
            tray,
            writer,
            writer_bell,
            head,
            released: head,
            roused: None,
            tail: head,
            limit: head,
            flags: Flags::default(),
            damaged: false,
        }
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

    /// The stream has ended, and everything has been taken.
    pub(crate) fn has_ended(&self) -> bool {
        self.flags.ended && self.head == self.tail
    }

    /// A flush mark after the `passed` ones, before which everything has been taken.
    pub(crate) fn mark(&self, passed: u64) -> Option<u64> {
        (self.at_hand() == 0 && self.flags.epoch > passed).then_some(self.flags.epoch)
    }

    /// Messages at hand before the next flush mark, without looking at the writer again.
    #[inline]
    pub(crate) fn at_hand(&self) -> u64 {
        self.limit.wrapping_sub(self.head)
    }

    /// Published, and not taken.
    pub(crate) fn published(&self) -> u64 {
        self.writer.value(values::TAIL).wrapping_sub(self.head)
    }

    /// Has its writer had to wait, or will it soon?
    pub(crate) fn has_kept_waiting(&self) -> bool {
        self.published() > self.slots.geometry().capacity / 2
            || self.writer_bell.sleeps_for(&[Reason::Room, Reason::AnyRoom])
    }

    /// Messages at hand before the next flush mark, after a look at the writer if there were none; `passed` flush marks have been passed.
    #[inline]
    pub(crate) fn look(&mut self, passed: u64) -> u64 {
        if self.at_hand() == 0 || self.slots.geometry().keep.is_some() {
            self.refresh(passed);
        }
        self.at_hand()
    }

    /// How many of the messages at hand are too many: the newest ones are kept.
    #[inline]
    pub(crate) fn surplus(&self) -> u64 {
        let keep = self.slots.geometry().keep;
        keep.map_or(0, |keep| self.tail.wrapping_sub(self.head).saturating_sub(keep).min(self.at_hand()))
    }

    /// What the writer says cannot be: its record is damaged, or this reader's.
    #[inline]
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Looks at the writer. Positions that cannot be count as nothing new.
    fn refresh(&mut self, passed: u64) {
        self.slots.prefetch(self.head);
        let Hot([tail, _, flags]) = self.writer.hot();
        let flags = Flags::unpack(flags);
        // no other mark is set before this one has come through, so it is the one that the flags tell of
        let limit = if flags.epoch > passed { self.writer.value(values::MARK) } else { tail };
        let at_hand = tail.wrapping_sub(self.head);
        if at_hand <= self.slots.geometry().slots as u64 && limit.wrapping_sub(self.head) <= at_hand {
            (self.tail, self.limit, self.flags) = (tail, limit, flags);
        } else {
            self.damaged = true;
        }
    }

    /// Messages at hand that lie in one piece. Where only the newest count, one: then there may be newer ones.
    #[inline]
    pub(crate) fn run(&self) -> u64 {
        let run = self.at_hand().min(self.slots.contiguous(self.head));
        if self.slots.geometry().keep.is_some() { run.min(1) } else { run }
    }

    #[inline]
    pub(crate) fn advance(&mut self, messages: u64) {
        self.head = self.head.wrapping_add(messages);
    }

    /// Wakes a writer that sleeps until half of the ring is free, while some may be: nothing is taken for now. If it sleeps
    /// again, it has found that what has been taken does not help.
    pub(crate) fn rouse_writer(&mut self, sleep: &impl Sleep) {
        if self.roused != Some(self.head) && self.writer_bell.sleeps_for(&[Reason::Room]) {
            self.roused = Some(self.head);
            self.writer_bell.ring(sleep);
        }
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

    fn half_empty(&self) -> bool {
        self.published() <= self.slots.geometry().capacity / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::slots::Geometry;
    use crate::sync::{AtomicU32, AtomicU64, Ordering};
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    const CAPACITY: u64 = 8;
    const VALUES: usize = 3;

    /// Counts who is woken.
    #[derive(Default)]
    struct Woken(Cell<u32>);

    impl Sleep for Woken {
        fn yield_now(&self) {}
        fn nap(&self, _: Duration) {}
        fn wait(&self, _: &AtomicU32, _: u32, _: Option<Instant>) {}
        fn wait_for_either(&self, _: [(&AtomicU32, u32); 2]) {}
        fn wake(&self, _: &AtomicU32) {
            self.0.set(self.0.get() + 1);
        }
    }

    /// A full ring, and the bell of its writer, who does what the test says.
    struct Ring {
        record: Vec<AtomicU64>,
        bell: AtomicU32,
        slots: Vec<AtomicU64>,
        woken: Woken,
    }

    impl Ring {
        fn full() -> Ring {
            let words = |count: usize| (0..count).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
            let record = words(Record::words(VALUES));
            Record::new(&record, VALUES).commit(&mut 0, &[CAPACITY, 0, 0]);
            let (bell, woken) = (AtomicU32::new(0), Woken::default());
            Ring { record, bell, slots: words(CAPACITY as usize), woken }
        }

        /// At its first message.
        fn reader(&self) -> Reader<'_> {
            let geometry = Geometry {
                stride: size_of::<u64>(),
                slots: CAPACITY as usize,
                capacity: CAPACITY,
                keep: None,
                depth: 0,
                arena: 0,
                usual: 0,
                grows: false,
            };
            let start = self.slots.as_ptr().cast_mut().cast::<u8>();
            // SAFETY: so many slots lie there, as long as the reader's other parts; there are no tags and no arena.
            let slots = unsafe { Slots::new(geometry, start, std::ptr::null_mut(), start) };
            let mut reader = Reader::new(slots, Record::new(&self.record, VALUES), Bell(&self.bell), 0, None);
            assert_eq!(reader.look(0), CAPACITY);
            reader
        }

        fn writer_sleeps_for(&self, reason: Reason) {
            self.bell.store(reason as u32, Ordering::Relaxed);
        }

        /// The reader takes nothing for now. Whether its writer, which sleeps for room, has been woken.
        fn rouses(&self, reader: &mut Reader<'_>) -> bool {
            self.writer_sleeps_for(Reason::Room);
            let before = self.woken.0.get();
            reader.rouse_writer(&self.woken);
            let (woken, sleeps) = (self.woken.0.get() - before, self.bell.load(Ordering::Relaxed) != 0);
            assert_eq!(woken, u32::from(!sleeps), "who is woken sleeps no more, and nobody else is woken");
            !sleeps
        }
    }

    #[test]
    fn a_writer_is_roused_once_for_what_has_been_taken() {
        let ring = Ring::full();
        let mut reader = ring.reader();
        for taken in 0..CAPACITY {
            assert!(ring.rouses(&mut reader), "{taken} have been taken");
            for again in 1..4 {
                assert!(!ring.rouses(&mut reader), "again ({again}), and still {taken} have been taken");
            }
            reader.advance(1);
        }
    }

    #[test]
    fn who_was_awake_has_not_been_roused() {
        let ring = Ring::full();
        let mut reader = ring.reader();
        reader.rouse_writer(&ring.woken);
        for reason in [Reason::Input, Reason::AnyRoom, Reason::Chunk, Reason::Parked] {
            ring.writer_sleeps_for(reason);
            reader.rouse_writer(&ring.woken);
        }
        assert_eq!(ring.woken.0.get(), 0, "nobody has slept until half of the ring is free");
        assert!(ring.rouses(&mut reader));
    }
}
