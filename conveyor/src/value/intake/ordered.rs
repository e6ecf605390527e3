//! `join ordered`: the order in which messages entered the balanced fork is restored.
//!
//! Every message that enters the fork is taken by one lane, whose outputs carry its number as their origin and end with
//! one that is marked as the last; and the lane's own outputs come in the order of their origins. So the next message
//! is at the head of the one channel whose head has the next origin. Memory is bounded by the channels: the lane that
//! has the next origin always gets room, because only older messages stand before it.
//!
//! What a lane gives in `flush` or `finish` has no origin. It waits until the other channels have nothing to offer.

use super::line::Side;
use super::{Intake, Line, Next, Notes, Pause};
use crate::ring::tags::Tags;
use crossbeam_channel::Select;

pub(crate) struct Ordered<T> {
    sides: Vec<Side<T>>,
    notes: Notes,
    /// The channel that had the last message; it often has the next one, too.
    current: usize,
    /// The origin of the next message.
    next: u64,
}

impl<T> Ordered<T> {
    /// # Panics
    /// Without a channel.
    pub(crate) fn new(lines: Vec<Line<T>>, notes: Notes) -> Ordered<T> {
        assert!(!lines.is_empty(), "an inlet has a channel");
        Ordered { sides: lines.into_iter().map(Side::new).collect(), notes, current: 0, next: 0 }
    }

    /// The channel with the next message, or else with one that belongs nowhere.
    fn find(&mut self) -> Option<usize> {
        let sides = self.sides.len();
        let (mut settled, mut stray) = (true, None);
        for step in 0..sides {
            let at = (self.current + step) % sides;
            if !self.sides[at].look() {
                settled &= self.sides[at].has_ended() || self.notes.is_ahead(at);
                continue;
            }
            match self.sides[at].head.as_ref().and_then(|(_, parcel)| parcel.innermost()) {
                Some(tag) if tag.origin() == self.next => return Some(at),
                Some(_) => {}
                None => stray = Some(stray.map_or(at, |other: usize| other.min(at))),
            }
        }
        stray.filter(|_| settled)
    }

    fn take(&mut self, tags: &mut Tags) -> Option<Next<T>> {
        self.current = self.find()?;
        let (sent, parcel) = self.sides[self.current].take()?;
        if let Some(tag) = parcel.innermost() {
            self.next = tag.origin() + u64::from(tag.is_last());
        }
        let value = parcel.open(tags);
        tags.pop();
        Some(Next::Message { position: None, sent, value })
    }
}

impl<T: Send> Intake<T> for Ordered<T> {
    fn next(&mut self, tags: &mut Tags) -> Next<T> {
        let sides = &self.sides;
        if let Some(epoch) = self.notes.between(|part| sides[part].seen(), |part| sides[part].has_ended()) {
            return Next::Flush(epoch);
        }
        loop {
            if let Some(message) = self.take(tags) {
                return message;
            }
            if self.sides.iter().any(|side| side.head.is_some()) {
                // the next message is still on its way; only marks can tell that it is not
                return if self.notes.read() { continue } else { Next::Empty };
            }
            match self.notes.pause(|part| self.sides[part].has_ended()) {
                Pause::Look => {}
                Pause::Flush(epoch) => return Next::Flush(epoch),
                Pause::Ended => return Next::Ended,
                Pause::Empty => return Next::Empty,
            }
        }
    }

    fn rest(&mut self) -> bool {
        self.sides.iter_mut().fold(false, |awake, side| side.rest() | awake)
    }

    fn watch<'a>(&'a self, select: &mut Select<'a>) {
        self.sides.iter().for_each(|side| side.watch(select));
        self.notes.watch(select);
    }

    fn waiting(&self) -> usize {
        self.sides.iter().map(Side::waiting).sum()
    }
}
