//! The ways in which a stage's outputs reach its ring, one by one. For many at a time see `stretch`.

use super::Lane;
use crate::element::outlet::{Filled, Outlet, Slot};
use crate::message::Encoder;
use crate::ring::bell::Reason;
use crate::ring::writer::{Window, Writer};
use crate::sys::segment;
use crate::{Failure, Message, Result};
use std::mem::MaybeUninit;
use std::time::Instant;

/// One reserved slot: a one-to-one step writes its plain output there.
pub(crate) struct Place<T>(*mut MaybeUninit<T>);

impl<T> Place<T> {
    /// # Safety
    /// The slot is the writer's own, holds a `T`, and has nothing in it that must be dropped.
    #[inline(always)]
    pub(crate) unsafe fn new(slot: *mut u8) -> Place<T> {
        Place(slot.cast())
    }
}

impl<T: Message> Outlet<T> for Place<T> {
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        // SAFETY: see `new`.
        unsafe { self.0.write(MaybeUninit::new(message)) };
        Ok(())
    }

    #[inline(always)]
    fn fill(&mut self, fill: impl for<'s> FnOnce(Slot<'s, T>) -> Result<Filled<'s>>) -> Result<()> {
        // SAFETY: see `new`; the slot is aligned, because the layout goes by the type.
        fill(Slot::new(unsafe { &mut *self.0 })).map(drop)
    }
}

/// The outlet of a sink, which has nothing to push.
pub(crate) struct Nowhere;

impl<T: Message> Outlet<T> for Nowhere {
    #[inline(always)]
    fn push(&mut self, _: T) -> Result<()> {
        Ok(())
    }
}

/// Any number of outputs, of any type: each finds its room, and waits for it.
pub(crate) struct Pushing<'l>(pub(crate) &'l mut Lane);

impl<T: Message> Outlet<T> for Pushing<'_> {
    #[inline]
    fn push(&mut self, message: T) -> Result<()> {
        if self.0.parts.writer.is_none() {
            return Ok(()); // a sink has nowhere to push to, and only `()` to push
        }
        match offer(self.0, &message, None)? {
            true => Ok(()),
            false => Err(Failure::stopped()), // without a deadline there is no other reason
        }
    }
}

/// Puts a message into the outlet, or drops it if that is what a full outlet does; `false` if there was no room before
/// the deadline.
///
/// # Errors
/// When the run is being stopped, or the message can never fit.
#[inline]
pub(crate) fn offer<T: Message>(lane: &mut Lane, message: &T, deadline: Option<Instant>) -> Result<bool> {
    if lane.was_published() {
        return Ok(true);
    }
    let found = match lane.writer().room() {
        0 => lane.room_or_drop(Reason::Room, |writer| writer.room() > 0, deadline)?,
        _ => Room::Found,
    };
    let written = match found {
        Room::Found if T::PLAIN.is_some() => {
            // SAFETY: there is room for a slot, which holds a `T`; a plain `T` is `Copy`.
            unsafe { lane.next_slot().cast::<T>().copy_from_nonoverlapping(message, 1) };
            Room::Found
        }
        Room::Found => encode(lane, message, deadline)?,
        none => none,
    };
    match written {
        Room::Found => {}
        Room::TooLate => return Ok(false),
        Room::Dropped => {
            lane.drop_output();
            return Ok(true);
        }
    }
    if lane.is_tagged() {
        let writer = lane.writer();
        writer.slots().set_tags(writer.tail(), &lane.step.tags.not_last());
    }
    lane.refused = 0;
    lane.filled(1);
    lane.part_with_chunks();
    Ok(true)
}

/// What has come of looking for room.
enum Room {
    Found,
    /// Not before the deadline.
    TooLate,
    /// There is none, and so the message is dropped.
    Dropped,
}

impl Lane {
    fn room_or_drop(
        &mut self,
        reason: Reason,
        enough: impl Fn(&Writer<'static>) -> bool,
        deadline: Option<Instant>,
    ) -> Result<Room> {
        if self.drops_newest() {
            self.refresh_writer()?;
            return Ok(if enough(self.writer()) { Room::Found } else { Room::Dropped });
        }
        Ok(if self.wait_for_room(reason, enough, deadline)? { Room::Found } else { Room::TooLate })
    }
}

/// Encodes into the arena: at once if it fits into the room at hand, else when there is as much room as it needs.
fn encode<T: Message>(lane: &mut Lane, message: &T, deadline: Option<Instant>) -> Result<Room> {
    let mut window = lane.writer().window();
    loop {
        // a message of no length would leave no trace of where it stands
        let needed = encode_into(lane, message, window).map(|needed| needed.max(1));
        if let Ok(needed) = needed
            && needed <= window.len
        {
            lane.writer_mut().placed(window.offset, needed);
            return Ok(Room::Found);
        }
        // neither who has failed nor a commit while it waits must count its chunks as sent
        message.encode(&mut Encoder::recalling(lane.parts.pools.as_ref()));
        let needed = needed?;
        let limit = lane.writer().slots().arena().len;
        if needed > limit {
            return Err(Failure::too_large(lane.parts.outlet_name, needed, limit));
        }
        let enough = |writer: &Writer<'_>| writer.window_of(needed).is_some();
        lane.refused = needed;
        let found = match enough(lane.writer()) {
            true => Room::Found,
            false => lane.room_or_drop(Reason::AnyRoom, enough, deadline)?,
        };
        match (found, lane.writer().window_of(needed)) {
            (Room::Found, Some(room)) => {
                populate(lane, room)?;
                window = room;
            }
            (none, _) => return Ok(if let Room::Dropped = none { Room::Dropped } else { Room::TooLate }),
        }
    }
}

/// Large messages go where the arena may not have memory yet.
fn populate(lane: &mut Lane, window: Window) -> Result<()> {
    if let Some(Window { offset, len }) = lane.writer_mut().unpopulated(window.offset + window.len) {
        let start = lane.writer().slots().arena_at(offset);
        // SAFETY: inside the arena, which this lane alone writes.
        unsafe { segment::populate(start, len) }.map_err(|error| {
            Failure::new(format_args!("no memory for a message of {} bytes in a pipe: {error}", window.len))
        })?;
    }
    Ok(())
}

/// How many bytes the message needs; it is written if there are as many.
fn encode_into<T: Message>(lane: &Lane, message: &T, window: Window) -> Result<usize> {
    let room = lane.writer().slots().arena_at(window.offset);
    // SAFETY: the window lies in the part of the arena that is not in use, and starts at a multiple of `ALIGN`.
    unsafe { Encoder::write(message, room, window.len, lane.parts.pools.as_ref()) }
}
