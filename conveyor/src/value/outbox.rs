//! The writing end of a lane.
//!
//! Inside ordered regions the last output of a step is held back until the step is over: then it is known to be the
//! last, and says so.

use super::branch::Branch;
use super::brim::Brim;
use super::halt::Halt;
use super::intake::Note;
use super::parcel::Parcel;
use crate::memory::heap;
use crate::ring::WhenFull;
use crate::ring::tags::Tags;
use crate::{Failure, Message, Outlet, Result};
use crossbeam_channel::Select;
use std::time::{Duration, Instant};

pub(crate) struct Outbox<T> {
    branches: Vec<Branch<T>>,
    /// There if there is more than one branch.
    copy: Option<fn(&T) -> T>,
    /// Of the message that is being sent, for all branches but the last one.
    copies: Vec<Parcel<T>>,
    brim: Brim,
    /// A writer that is asked for room only (see [`Brim::waits`]) goes on without: nothing else can move.
    pressed: bool,
    tagged: bool,
    /// Of the step at work.
    pub(crate) tags: Tags,
    held: Option<T>,
    /// Messages pushed.
    given: u64,
    /// Parcels sent: with tombstones.
    sent: u64,
    /// How long it has waited for room.
    waited: Duration,
    halt: Halt,
}

/// A message that was not sent.
pub(crate) enum Offer<T> {
    /// There is no room.
    Full(T),
    /// The run is over, or the stream has been closed.
    Closed(T),
}

impl<T> Outbox<T> {
    pub(super) fn new(
        branches: Vec<Branch<T>>,
        brim: Brim,
        tagged: bool,
        copy: Option<fn(&T) -> T>,
        halt: Halt,
    ) -> Outbox<T> {
        let (tags, waited) = (Tags::default(), Duration::ZERO);
        let (pressed, held, given, sent) = (false, None, 0, 0);
        let copies = Vec::new();
        Outbox { branches, copy, copies, brim, pressed, tagged, tags, held, given, sent, waited, halt }
    }

    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// Is it that of a sink?
    pub(super) fn is_of_sink(&self) -> bool {
        self.brim.is_of_sink()
    }

    /// How many messages may be pushed now.
    pub(crate) fn room(&self) -> u64 {
        if self.brim.waits {
            return u64::MAX;
        }
        let places = match (self.pressed, self.brim.when_full) {
            (false, _) | (true, WhenFull::Block) => self.brim.messages,
            (true, WhenFull::DropNewest) => return u64::MAX,
            (true, WhenFull::DropOldest) => self.brim.places(),
        };
        let rooms = self.branches.iter().map(|branch| places.saturating_sub(branch.ahead()));
        rooms.min().map_or(u64::MAX, |room| room as u64)
    }

    /// Nothing else can move: messages that find no room may be dropped, if that is what the pipe does.
    pub(super) fn press(&mut self, pressed: bool) {
        self.pressed = pressed;
    }

    /// Is this a moment at which messages are dropped?
    #[inline]
    fn may_drop(&self, when_full: WhenFull) -> bool {
        self.brim.when_full == when_full && (self.brim.waits || self.pressed)
    }

    /// There is no room for another message, and so it is dropped. All readers of a replicated fork miss it.
    #[inline]
    fn drops(&self) -> bool {
        let is_full = |branch: &Branch<T>| branch.ahead() >= self.brim.messages;
        let drops = self.may_drop(WhenFull::DropNewest) && self.branches.iter().any(is_full);
        if drops {
            self.brim.count_drop();
        }
        drops
    }

    // --------------------------------------------------------------------------------------------- steps

    /// What is pushed from now on belongs to no input, or to one whose tags are still to be set.
    #[inline]
    pub(crate) fn begin_step(&mut self) {
        if self.tagged {
            self.tags = Tags::default();
        }
    }

    /// The step is over, with all its outputs.
    ///
    /// # Errors
    /// When the run is being stopped.
    #[inline]
    pub(crate) fn end_step(&mut self) -> Result<()> {
        if self.tagged { self.send_last() } else { Ok(()) }
    }

    fn send_last(&mut self) -> Result<()> {
        let tags = self.tags;
        match self.held.take() {
            Some(message) => self.send_tagged(Some(message), tags),
            None if tags.any_last() => self.send_tagged(None, tags.tombstone()),
            None => Ok(()),
        }
    }

    fn send_tagged(&mut self, value: Option<T>, tags: Tags) -> Result<()> {
        if value.is_some() && self.drops() {
            return match tags.any_last() {
                true => self.send(Parcel::tagged(None, tags.tombstone())),
                false => Ok(()),
            };
        }
        match value {
            Some(value) if tags.columns().is_empty() => self.send(Parcel::Plain(value)),
            value => self.send(Parcel::tagged(value, tags)),
        }
    }

    #[inline]
    fn send(&mut self, parcel: Parcel<T>) -> Result<()> {
        if self.may_drop(WhenFull::DropOldest) {
            self.branches.iter().for_each(|branch| branch.make_room(self.brim.messages));
        }
        if self.brim.waits && !self.branches.iter_mut().all(Branch::has_room) {
            self.wait_to_send()?;
        }
        let Some((last, others)) = self.branches.split_last_mut() else {
            self.sent += 1;
            return Ok(()); // a stage whose outputs nobody reads
        };
        if let Some(copy) = self.copy {
            // all of them before any is sent: user code makes them, and may panic
            self.copies.clear();
            self.copies.extend(others.iter().map(|_| parcel.copy(copy)));
        }
        self.sent += 1;
        for (branch, copy) in others.iter_mut().zip(self.copies.drain(..)) {
            branch.send(copy)?;
        }
        last.send(parcel)
    }

    #[cold]
    fn wait_to_send(&mut self) -> Result<()> {
        let started = Instant::now();
        self.publish()?;
        self.wait_for_room(None);
        self.waited += started.elapsed();
        if self.halt.is_called() { Err(Failure::stopped()) } else { Ok(()) }
    }

    /// Everything that was pushed can be taken from now on.
    ///
    /// # Errors
    /// When the run is being stopped.
    pub(crate) fn publish(&mut self) -> Result<()> {
        self.branches.iter_mut().try_for_each(Branch::publish)
    }

    /// A push waits for room; its readers have threads of their own.
    pub(crate) fn waits(&self) -> bool {
        self.brim.waits
    }

    #[inline]
    pub(crate) fn is_tagged(&self) -> bool {
        self.tagged
    }

    /// It is written by a source, which may wait for something at any time: nobody has to wait for it to publish.
    pub(crate) fn fill_openly(&mut self) {
        self.branches.iter_mut().for_each(Branch::fill_openly);
    }

    // --------------------------------------------------------------------------------------------- marks, end

    /// Everything before this flush mark has been pushed.
    pub(crate) fn mark(&mut self, epoch: u64) {
        // readers that are gone miss nothing
        let _ = self.publish();
        for member in self.branches.iter().flat_map(|branch| &branch.members) {
            // a reader that is gone needs no marks
            let _ = member.notes.send(Note { part: member.part, epoch, sent: self.sent });
        }
    }

    /// Nothing more will be pushed.
    pub(crate) fn close(&mut self) {
        self.branches.drain(..).for_each(Branch::close);
    }

    // --------------------------------------------------------------------------------------------- the caller's end

    /// Sends a message, if all readers have room for it.
    pub(crate) fn offer(&mut self, value: T) -> Result<(), Offer<T>> {
        if self.branches.is_empty() || self.halt.is_called() {
            return Err(Offer::Closed(value));
        }
        // only this end writes: so room that is there stays there
        if !self.branches.iter_mut().all(Branch::has_room) {
            return Err(Offer::Full(value));
        }
        self.given += 1;
        // if the readers are gone, the run is over, and the message with it
        let _ = self.send(Parcel::Plain(value));
        Ok(())
    }

    /// Adds what can bring room. `false` when there is room already, or no more need for it.
    pub(crate) fn watch_room<'a>(&'a self, select: &mut Select<'a>) -> bool {
        // one after the other: room that is there stays there, because only this end writes
        self.branches.iter().any(|branch| branch.watch_room(select))
    }

    /// Waits for room. `false` when the deadline has passed.
    pub(crate) fn wait_for_room(&self, deadline: Option<Instant>) -> bool {
        loop {
            let mut select = Select::new();
            if self.halt.is_called() || !self.watch_room(&mut select) {
                return true;
            }
            if self.halt.sleep(&mut select, deadline).is_none() {
                return !self.watch_room(&mut Select::new());
            }
        }
    }
}

impl<T: Message> Outlet<T> for Outbox<T> {
    #[inline]
    fn push(&mut self, message: T) -> Result<()> {
        self.given += 1;
        if T::HOLDS_CHUNKS {
            heap::pushed();
        }
        if !self.tagged {
            if self.drops() {
                return Ok(());
            }
            return self.send(Parcel::Plain(message));
        }
        match self.held.replace(message) {
            Some(before) => self.send_tagged(Some(before), self.tags.not_last()),
            None => Ok(()),
        }
    }
}
