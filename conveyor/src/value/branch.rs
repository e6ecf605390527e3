//! The way from a lane to one group of its readers.

use super::block::{Block, Publisher};
use super::brim::{Brim, Surplus};
use super::kit::Member;
use super::parcel::Parcel;
use crate::ring::WhenFull;
use crate::sync::in_one_order;
use crate::sync::mutant::Mutant;
use crate::{Failure, Message, Result};
use crossbeam_channel::Select;

/// A block has no more messages than this,
const BLOCK_MESSAGES: usize = 1024;
/// no more bytes,
const BLOCK_BYTES: usize = 64 << 10;
/// and is no larger part of the channel: it counts as a whole until its last message has been taken.
const BLOCK_PART: usize = 8;

pub(super) struct Branch<T> {
    channel: Publisher<T>,
    surplus: Surplus,
    pub(super) members: Vec<Member>,
    /// What has been sent and is not yet published.
    pending: Vec<Parcel<T>>,
    /// Everything, with what is pending.
    sent: u64,
    /// So much may be sent, as far as is known.
    limit: u64,
    places: u64,
    /// The largest block, if it is filled openly, and how large the next one may become.
    batch_max: usize,
    batch_openly: usize,
    batch: usize,
    openly: bool,
}

impl<T: Message> Branch<T> {
    pub(super) fn new(
        channel: Publisher<T>,
        members: Vec<Member>,
        surplus: Surplus,
        brim: &Brim,
    ) -> Branch<T> {
        let (places, batch_openly) = (brim.places() as u64, batch_openly::<T>(brim));
        // what holds a chunk is sent at once, because its writer may wait for that chunk
        let batch_max = if T::HOLDS_CHUNKS { 1 } else { batch_openly };
        let (pending, openly) = (Vec::new(), false);
        let batch = if members.len() > 1 { 1 } else { batch_max };
        Branch {
            channel,
            surplus,
            members,
            pending,
            sent: 0,
            limit: places,
            places,
            batch_max,
            batch_openly,
            batch,
            openly,
        }
    }
}

/// What may be dropped is sent at once.
fn batch_openly<T>(brim: &Brim) -> usize {
    if brim.when_full != WhenFull::Block {
        return 1;
    }
    let fitting = BLOCK_BYTES / size_of::<Parcel<T>>();
    let asked = brim.batch.unwrap_or(BLOCK_MESSAGES);
    (brim.messages / BLOCK_PART).min(fitting).min(asked).clamp(1, BLOCK_MESSAGES)
}

impl<T> Branch<T> {
    /// From now on messages can be taken as soon as they are sent.
    pub(super) fn fill_openly(&mut self) {
        self.openly = true;
        self.batch_max = self.batch_openly;
        if self.members.len() == 1 {
            self.batch = self.batch_max;
        }
    }

    /// How many messages have not been taken.
    pub(super) fn ahead(&self) -> usize {
        self.sent.saturating_sub(self.channel.gauge.taken()) as usize
    }

    #[inline]
    pub(super) fn has_room(&mut self) -> bool {
        self.sent < self.limit || self.look_for_room()
    }

    fn look_for_room(&mut self) -> bool {
        self.limit = self.channel.gauge.taken().saturating_add(self.places);
        self.sent < self.limit
    }

    /// Adds what can bring room. `false` when there is room already.
    pub(super) fn watch_room<'a>(&'a self, select: &mut Select<'a>) -> bool {
        let _ = self.channel.room.try_recv(); // of an earlier wait
        if !Mutant::BlockedLate.is_on() {
            self.channel.gauge.set_blocked(true);
            in_one_order();
        }
        // looked at again: whoever has taken something before that did not know that it is waited for
        if (self.ahead() as u64) < self.places {
            self.channel.gauge.set_blocked(false);
            return false;
        }
        if Mutant::BlockedLate.is_on() {
            self.channel.gauge.set_blocked(true);
        }
        select.recv(&self.channel.room);
        true
    }

    /// One more is to come: if that is one too many, the oldest goes.
    #[inline]
    pub(super) fn make_room(&self, messages: usize) {
        if self.ahead().saturating_sub(self.surplus.get()) >= messages {
            self.surplus.grow();
        }
    }

    /// # Errors
    /// When all readers are gone.
    #[inline]
    pub(super) fn send(&mut self, parcel: Parcel<T>) -> Result<()> {
        let number = self.sent;
        self.sent += 1;
        if self.openly {
            let is_read = self.channel.add_openly(parcel, number, self.batch);
            return self.sent_to(is_read);
        }
        self.pending.push(parcel);
        match self.pending.len() >= self.batch || self.channel.gauge.is_hungry() {
            true => self.publish(),
            false => Ok(()),
        }
    }

    /// Everything that was sent can be taken from now on.
    ///
    /// # Errors
    /// When all readers are gone.
    pub(super) fn publish(&mut self) -> Result<()> {
        let len = self.pending.len();
        if len == 0 {
            return Ok(());
        }
        let parcels = std::mem::replace(&mut self.pending, Vec::with_capacity(len));
        let is_read = self.channel.send(Block { first: self.sent - len as u64, parcels }, self.sent);
        self.sent_to(is_read)
    }

    fn sent_to(&mut self, is_read: bool) -> Result<()> {
        if self.members.len() > 1 {
            self.batch = self.batch_max.min(self.channel.gauge.want() as usize);
        }
        if is_read { Ok(()) } else { Err(Failure::stopped()) }
    }

    /// Nothing more comes.
    pub(super) fn close(mut self) {
        // readers that are gone do not miss anything
        let _ = self.publish();
        self.channel.send_open();
    }
}
