//! Which message the user's code on this thread works on.
//!
//! The drivers' loops write one word for each message, without an atomic operation: so the compiler leaves it out
//! wherever it sees that nobody looks. Everything else is written once for many messages.

use super::Desk;
use crate::error::Place;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Who has given a message: the number of an element, and which of its lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Giver {
    pub(crate) element: u32,
    pub(crate) lane: u32,
}

/// A message at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AtWork {
    pub(crate) giver: Giver,
    /// Among all that it has given.
    pub(crate) position: u64,
    /// Where in a row of fused stages it has been made of that message; 0 if it is that message.
    pub(crate) place: u32,
    /// Which of those that have been made of it there.
    pub(crate) part: u32,
}

/// Stages that run as one, on this thread.
#[derive(Clone)]
pub(crate) struct Row {
    /// Who they are, one after the other.
    pub(crate) members: Arc<[Giver]>,
    /// Where it is written which of them is at work; in a word of this thread if there is no such place.
    pub(crate) desk: Option<Desk<'static>>,
    pub(crate) inside: Inside,
}

/// What messages between the stages of a row are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// By the count of the stage that has given them.
    Counted,
    /// As the message that the row has taken: what a stage has counted is forgotten when its process is replaced.
    AsFirst {
        /// There may be several for each of those: desks say where a stage's count stood when it was taken.
        many: bool,
    },
}

thread_local! {
    static GIVER: Cell<Option<Giver>> = const { Cell::new(None) };
    static BASE: Cell<u64> = const { Cell::new(0) };
    static INDEX: Cell<usize> = const { Cell::new(0) };
    static PLACE: Cell<u64> = const { Cell::new(0) };
    static ROW: RefCell<Option<Row>> = const { RefCell::new(None) };
}

/// Messages of `giver` are worked on, from this position on.
pub(crate) fn begin(giver: Giver, base: u64) {
    BASE.set(base);
    INDEX.set(0);
    GIVER.set(Some(giver));
}

/// The one at this distance from the first is next.
#[inline(always)]
pub(crate) fn at(index: usize) {
    INDEX.set(index);
}

/// Which one was last said to be next.
pub(crate) fn index() -> u64 {
    INDEX.get() as u64
}

/// What is at work, put aside.
pub(super) struct Outside {
    giver: Option<Giver>,
    base: u64,
    index: usize,
    place: u64,
    row: Option<Row>,
}

/// Puts what is at work aside.
pub(super) fn inside() -> Outside {
    let row = ROW.take();
    Outside { giver: GIVER.take(), base: BASE.get(), index: INDEX.get(), place: PLACE.get(), row }
}

impl Outside {
    /// It goes on.
    pub(super) fn restore(&mut self) {
        GIVER.set(self.giver);
        BASE.set(self.base);
        INDEX.set(self.index);
        PLACE.set(self.place);
        ROW.set(self.row.take());
    }
}

/// Nothing is worked on, and by no row.
pub(super) fn leave() {
    end();
    enter_row(None);
}

/// None of them is worked on any more.
pub(crate) fn end() {
    GIVER.set(None);
}

/// A row of stages has this thread from now on.
pub(crate) fn enter_row(row: Option<Row>) {
    ROW.set(row);
}

/// Which stage of the row is at work, as packed [`Place`]; written where nobody asks after the death of the process.
#[inline(always)]
pub(crate) fn set_place(place: u64) {
    PLACE.set(place);
}

/// The message at work.
pub(crate) fn message() -> Option<AtWork> {
    let first = || {
        let position = BASE.get().wrapping_add(index());
        GIVER.get().map(|giver| AtWork { giver, position, place: 0, part: 0 })
    };
    ROW.with_borrow(|row| match row {
        None => first(),
        Some(row) => row.message(first()),
    })
}

impl Row {
    /// A row that is never replaced.
    pub(crate) fn counted(members: &Arc<[Giver]>) -> Row {
        Row { members: members.clone(), desk: None, inside: Inside::Counted }
    }

    fn message(&self, first: Option<AtWork>) -> Option<AtWork> {
        let Place { at, position } =
            self.desk.map_or_else(|| Place::unpack(PLACE.get()), |desk| desk.place());
        let count = position?; // in `flush` and `finish` there is none
        let Some(before) = (at as usize).checked_sub(1) else {
            return first;
        };
        match (self.inside, self.desk) {
            (Inside::AsFirst { many }, Some(desk)) => {
                let begun = desk.of_stage(at as usize).begun();
                let part = if many { count.wrapping_sub(begun) as u32 } else { 0 };
                Some(AtWork { place: at, part, ..first? })
            }
            _ => Some(AtWork { giver: *self.members.get(before)?, position: count, place: 0, part: 0 }),
        }
    }
}
