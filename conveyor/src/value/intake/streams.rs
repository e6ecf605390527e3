//! Messages as they come: a pipe, a share of a balanced fork, `join merge`.

use super::{AtHand, Intake, Line, Next, Notes, Pause};
use crate::ring::tags::{Tag, Tags};
use crossbeam_channel::Select;

/// A channel of a merge is left after so many messages, for the sake of the others.
const TURN: u32 = 64;

pub(crate) struct Streams<T> {
    lines: Vec<Line<T>>,
    notes: Notes,
    /// So many regions open here: numbers are origins there.
    opens: usize,
    /// Whose turn it is, and for how many messages more.
    turn: usize,
    left: u32,
}

impl<T> Streams<T> {
    /// # Panics
    /// Without a channel.
    pub(crate) fn new(lines: Vec<Line<T>>, notes: Notes, opens: usize) -> Streams<T> {
        assert!(!lines.is_empty(), "an inlet has a channel");
        Streams { lines, notes, opens, turn: 0, left: TURN }
    }

    #[inline]
    fn take(&mut self, tags: &mut Tags) -> Option<Next<T>> {
        for _ in 0..self.lines.len() {
            if self.left == 0 {
                self.pass_turn();
            }
            let line = &mut self.lines[self.turn];
            if let Some((number, parcel)) = line.take() {
                let sent = (line.giver, number);
                self.left -= 1;
                let value = parcel.open(tags);
                for _ in 0..self.opens {
                    tags.push(Tag::entered(number));
                }
                let position = (self.lines.len() == 1).then_some(number);
                return Some(Next::Message { position, sent, value });
            }
            self.pass_turn();
        }
        None
    }

    fn pass_turn(&mut self) {
        self.turn = (self.turn + 1) % self.lines.len();
        self.left = TURN;
    }
}

impl<T: Send> Intake<T> for Streams<T> {
    #[inline]
    fn next(&mut self, tags: &mut Tags) -> Next<T> {
        let lines = &self.lines;
        if let Some(epoch) = self.notes.between(|part| lines[part].seen(), |part| lines[part].has_ended()) {
            return Next::Flush(epoch);
        }
        loop {
            if let Some(message) = self.take(tags) {
                return message;
            }
            match self.notes.pause(|part| self.lines[part].has_ended()) {
                Pause::Look => {}
                Pause::Flush(epoch) => return Next::Flush(epoch),
                Pause::Ended => return Next::Ended,
                Pause::Empty => return Next::Empty,
            }
        }
    }

    fn hand(&mut self) -> Option<AtHand<'_, T>> {
        match &mut self.lines[..] {
            [line] if line.is_plain && self.opens == 0 && !self.notes.is_open() => line.hand(),
            _ => None,
        }
    }

    fn last(&self) -> Option<u64> {
        self.lines.first().and_then(|line| line.seen().checked_sub(1))
    }

    fn holds_any(&mut self) -> bool {
        self.lines.iter_mut().fold(false, |holds, line| line.holds_any() | holds)
    }

    fn rest(&mut self) -> bool {
        self.lines.iter_mut().fold(false, |awake, line| line.rest() | awake)
    }

    fn set_want(&self, want: u64) {
        self.lines.iter().for_each(|line| line.set_want(want));
    }

    fn watch<'a>(&'a self, select: &mut Select<'a>) {
        self.lines.iter().for_each(|line| line.watch(select));
        self.notes.watch(select);
    }

    fn watch_marks<'a>(&'a self, select: &mut Select<'a>) {
        self.notes.watch(select);
    }

    fn waiting(&self) -> usize {
        self.lines.iter().map(Line::waiting).sum()
    }
}
