//! Flush marks: they travel beside the messages, and never wait for room.
//!
//! A writer notes a mark when it has written everything before it. So a reader that has read the note, and after that
//! has found the channel empty, has taken everything before the mark.

use crossbeam_channel::{Receiver, Select, Sender, unbounded};

/// A writer has passed a flush mark.
#[derive(Clone, Copy)]
pub(crate) struct Note {
    /// Which of the reader's channels it writes.
    pub(crate) part: usize,
    pub(crate) epoch: u64,
}

/// What a reader knows of the marks on its channels.
pub struct Notes {
    inbox: Receiver<Note>,
    /// Held, so that the inbox is never disconnected: that would wake a waiting reader again and again.
    sender: Sender<Note>,
    /// The last mark of each channel.
    epochs: Vec<u64>,
    /// The last mark that the reader has passed.
    passed: u64,
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
        Notes { inbox, sender, epochs: vec![0; parts], passed: 0 }
    }

    /// For a writer.
    pub(crate) fn sender(&self) -> Sender<Note> {
        self.sender.clone()
    }

    /// After all channels were found empty. `has_ended` tells which of them will stay so.
    pub(super) fn pause(&mut self, has_ended: impl Fn(usize) -> bool) -> Pause {
        let ended = (0..self.epochs.len()).all(&has_ended);
        if let Some(epoch) = self.due(ended, &has_ended) {
            self.passed = epoch;
            return Pause::Flush(epoch);
        }
        match self.read() {
            true => Pause::Look,
            false if ended => Pause::Ended,
            false => Pause::Empty,
        }
    }

    /// Was something noted?
    pub(super) fn read(&mut self) -> bool {
        let note = self.inbox.try_recv();
        note.map(|Note { part, epoch }| self.epochs[part] = epoch).is_ok()
    }

    /// A mark that every channel has which is still open.
    fn due(&self, ended: bool, has_ended: impl Fn(usize) -> bool) -> Option<u64> {
        let known = self.epochs.iter().enumerate();
        let open = known.filter(|(part, _)| ended || !has_ended(*part)).map(|(_, epoch)| *epoch);
        let epoch = if ended { open.max() } else { open.min() };
        epoch.filter(|epoch| *epoch > self.passed)
    }

    /// Has this channel's writer passed a mark that the reader has not?
    pub(super) fn is_ahead(&self, part: usize) -> bool {
        self.epochs[part] > self.passed
    }

    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        select.recv(&self.inbox);
    }
}
