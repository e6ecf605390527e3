//! Flush marks: they travel beside the messages, and never wait for room.
//!
//! A writer notes a mark when it has written everything before it. So a reader that has read the note, and after that
//! has found the channel empty, has taken everything before the mark. A channel that is never empty is looked at now
//! and then: messages have numbers, and the note says how many lie before the mark.

use crossbeam_channel::{Receiver, Select, Sender, unbounded};

/// Notes are read after so many messages at the latest.
const LOOK_EVERY: u32 = 64;

/// A writer has passed a flush mark.
#[derive(Clone, Copy)]
pub(crate) struct Note {
    /// Which of the reader's channels it writes.
    pub(crate) part: usize,
    pub(crate) epoch: u64,
    /// How many messages it has sent before.
    pub(crate) sent: u64,
}

/// What a reader knows of the marks on its channels.
pub struct Notes {
    inbox: Receiver<Note>,
    /// Held, so that the inbox is never disconnected: that would wake a waiting reader again and again.
    sender: Sender<Note>,
    /// The last mark of each channel.
    last: Vec<Note>,
    /// The last mark that the reader has passed.
    passed: u64,
    /// Messages until the next look.
    left: u32,
}

/// What to do when all channels are empty.
pub(crate) enum Pause {
    /// Something was noted: look at the channels once more.
    Look,
    /// Everything before this mark has been taken.
    Flush(u64),
    /// All channels have ended.
    Ended,
    /// Nothing yet.
    Empty,
}

impl Notes {
    /// For a reader of so many channels.
    pub(crate) fn new(parts: usize) -> Notes {
        let (sender, inbox) = unbounded();
        let last = (0..parts).map(|part| Note { part, epoch: 0, sent: 0 }).collect();
        Notes { inbox, sender, last, passed: 0, left: LOOK_EVERY }
    }

    /// For a writer.
    pub(crate) fn sender(&self) -> Sender<Note> {
        self.sender.clone()
    }

    /// Before each message. `seen`: everything with a smaller number has been taken from that channel.
    #[inline]
    pub(super) fn between(
        &mut self,
        seen: impl Fn(usize) -> u64,
        has_ended: impl Fn(usize) -> bool,
    ) -> Option<u64> {
        self.left -= 1;
        if self.left > 0 {
            return None;
        }
        self.left = LOOK_EVERY;
        while self.read() {}
        let epoch = self.due(&has_ended)?;
        let mut open = self.last.iter().filter(|note| !has_ended(note.part));
        open.all(|note| seen(note.part) >= note.sent).then(|| self.pass(epoch))
    }

    /// After all channels were found empty. `has_ended` tells which of them will stay so.
    pub(super) fn pause(&mut self, has_ended: impl Fn(usize) -> bool) -> Pause {
        if let Some(epoch) = self.due(&has_ended) {
            return Pause::Flush(self.pass(epoch));
        }
        match self.read() {
            true => Pause::Look,
            false if (0..self.last.len()).all(has_ended) => Pause::Ended,
            false => Pause::Empty,
        }
    }

    /// Was something noted?
    pub(super) fn read(&mut self) -> bool {
        self.inbox.try_recv().map(|note| self.last[note.part] = note).is_ok()
    }

    /// A mark that every channel has which is still open.
    fn due(&self, has_ended: impl Fn(usize) -> bool) -> Option<u64> {
        let open = self.last.iter().filter(|note| !has_ended(note.part)).map(|note| note.epoch).min();
        let epoch = open.or(self.last.iter().map(|note| note.epoch).max());
        epoch.filter(|epoch| *epoch > self.passed)
    }

    fn pass(&mut self, epoch: u64) -> u64 {
        self.passed = epoch;
        epoch
    }

    /// Is there a mark that has not been passed, or perhaps one?
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        !self.inbox.is_empty() || self.last.iter().any(|note| note.epoch > self.passed)
    }

    /// Has this channel's writer passed a mark that the reader has not?
    pub(super) fn is_ahead(&self, part: usize) -> bool {
        self.last[part].epoch > self.passed
    }

    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        select.recv(&self.inbox);
    }
}
