//! One channel, as a reader sees it.

use crate::meter::at_work::Giver;
use crate::ring::WhenFull;
use crate::sync::mutant::Mutant;
use crate::value::block::Subscriber;
use crate::value::brim::{Brim, Surplus};
use crate::value::parcel::Parcel;
use crossbeam_channel::{Select, TryRecvError};
use std::vec;

/// Parcels that have been taken from a channel together.
pub(crate) type Hand<T> = vec::IntoIter<Parcel<T>>;

/// The same, for who takes them himself.
pub(crate) struct AtHand<'l, T> {
    /// Who has sent them, and the number of the first one.
    pub(crate) sent: (Giver, u64),
    pub(crate) hand: &'l mut Hand<T>,
}

pub(crate) struct Line<T> {
    pub(super) giver: Giver,
    channel: Subscriber<T>,
    brim: Brim,
    surplus: Surplus,
    ended: bool,
    /// What has been taken and not yet handed on.
    hand: Hand<T>,
    /// The number of whatever comes behind that.
    behind: u64,
    /// How much was at hand when the writer was last told.
    told: usize,
    /// Messages come without tags, and all of them with a value.
    pub(super) is_plain: bool,
}

impl<T> Line<T> {
    pub(crate) fn new(
        giver: Giver,
        channel: Subscriber<T>,
        brim: Brim,
        surplus: Surplus,
        tagged: bool,
    ) -> Line<T> {
        let is_plain = !tagged && brim.when_full != WhenFull::DropOldest;
        let hand = Vec::new().into_iter();
        Line { giver, channel, brim, surplus, ended: false, hand, behind: 0, told: 0, is_plain }
    }

    /// The next message, with its number; without its value if it is one too many.
    #[inline]
    pub(super) fn take(&mut self) -> Option<(u64, Parcel<T>)> {
        let number = match self.hand.len() {
            0 => self.refill().then_some(self.seen())?,
            _ => self.seen(),
        };
        let parcel = self.hand.next()?;
        if self.hand.len() == 0 {
            self.tell();
        }
        match !self.is_plain && self.surplus.shrink() {
            true => Some((number, self.drop_value(parcel))),
            false => Some((number, parcel)),
        }
    }

    /// What is at hand, if there is something: for who takes it himself, at least one message.
    pub(super) fn hand(&mut self) -> Option<AtHand<'_, T>> {
        if self.hand.len() == 0 && !self.refill() {
            return None;
        }
        if self.hand.len() == 1 {
            // its place in the channel is free while it is worked on
            self.channel.report(self.told as u64);
            self.told = 0;
        }
        Some(AtHand { sent: (self.giver, self.seen()), hand: &mut self.hand })
    }

    /// Takes the next block; `false` if there is none.
    fn refill(&mut self) -> bool {
        self.tell();
        match self.channel.take() {
            Ok(block) => {
                self.behind = block.first + block.parcels.len() as u64;
                self.told = block.parcels.len();
                self.hand = block.parcels.into_iter();
                true
            }
            Err(TryRecvError::Empty) => false,
            Err(TryRecvError::Disconnected) => {
                self.ended = true;
                false
            }
        }
    }

    /// Tells the writer what has been taken.
    fn tell(&mut self) {
        let taken = self.told.saturating_sub(self.hand.len());
        if taken > 0 {
            self.told = self.hand.len();
            self.channel.report(taken as u64);
        }
    }

    /// Is something at hand? The writer knows of the rest then: who is parked holds up nobody.
    pub(super) fn holds_any(&mut self) -> bool {
        self.tell();
        self.hand.len() > 0
    }

    /// Nothing was there, and the reader is about to sleep. `true` if it need not.
    pub(super) fn rest(&mut self) -> bool {
        self.tell();
        if self.hand.len() > 0 || self.ended {
            return self.hand.len() > 0;
        }
        if Mutant::StarveLate.is_on() {
            let awake = self.refill() || self.ended;
            self.channel.starve();
            return awake;
        }
        self.channel.starve();
        // looked at again: the writer may have come just before it could know
        self.refill() || self.ended
    }

    /// The reader would take so many messages at once.
    pub(super) fn set_want(&self, want: u64) {
        if self.channel.is_shared() {
            self.channel.gauge.set_want(want);
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

    /// Everything with a smaller number has been taken, here or by another member of the group.
    pub(super) fn seen(&self) -> u64 {
        self.behind - self.hand.len() as u64
    }

    pub(super) fn waiting(&self) -> usize {
        let taken = self.channel.gauge.taken() + self.told.saturating_sub(self.hand.len()) as u64;
        self.channel.gauge.sent().saturating_sub(taken) as usize
    }

    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        if !self.ended {
            select.recv(&self.channel.queue);
        }
    }
}

/// A line of a join that has to look at a message before it is its turn.
pub(super) struct Side<T> {
    line: Line<T>,
    /// With its number.
    pub(super) head: Option<(u64, Parcel<T>)>,
}

impl<T> Side<T> {
    pub(super) fn new(line: Line<T>) -> Side<T> {
        Side { line, head: None }
    }

    /// Who has sent what comes next, and its number.
    pub(super) fn sent(&self) -> (Giver, u64) {
        (self.line.giver, self.seen())
    }

    /// Takes the message that is there, with who has sent it.
    pub(super) fn take(&mut self) -> Option<((Giver, u64), Parcel<T>)> {
        self.head.take().map(|(number, parcel)| ((self.line.giver, number), parcel))
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
        self.head.as_ref().map_or(self.line.seen(), |(number, _)| *number)
    }

    /// A message that is not its turn is no reason to stay awake.
    pub(super) fn rest(&mut self) -> bool {
        match self.head {
            Some(_) => {
                self.line.tell();
                false
            }
            None => self.line.rest(),
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.line.waiting() + usize::from(self.head.is_some())
    }

    /// With a message at hand nothing new is waited for.
    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        if self.head.is_none() {
            self.line.watch(select);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::block::{Block, channel};
    use crate::value::brim::Dropped;

    #[test]
    fn a_reader_that_holds_nothing_holds_up_nobody() {
        let (writer, reader) = channel(2);
        let giver = Giver { element: 0, lane: 0 };
        let dropped = Dropped::default();
        let brim =
            Brim { messages: 2, when_full: WhenFull::Block, beyond: 0, waits: true, batch: None, dropped };
        let mut line = Line::new(giver, reader, brim, Surplus::default(), false);
        assert!(writer.send(Block { first: 0, parcels: vec![Parcel::Plain(1), Parcel::Plain(2)] }, 2));
        assert_eq!(line.hand().expect("a block was sent").hand.count(), 2);
        assert!(!line.holds_any());
        assert_eq!(writer.gauge.taken(), 2, "it may be parked now: the writer has all its room");
    }
}
