//! The two ways in which a stage's outputs reach its ring.

use super::Lane;
use crate::element::outlet::{Filled, Outlet, Slot};
use crate::message::Encoder;
use crate::ring::bell::Reason;
use crate::ring::writer::Window;
use crate::{Failure, Message, Result};
use std::mem::MaybeUninit;

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

/// Any number of outputs, of any type: each finds its room, and waits for it.
pub(crate) struct Pushing<'l>(pub(crate) &'l mut Lane);

impl<T: Message> Outlet<T> for Pushing<'_> {
    #[inline]
    fn push(&mut self, message: T) -> Result<()> {
        let lane = &mut *self.0;
        if lane.parts.writer.is_none() {
            return Ok(()); // a sink has nowhere to push to, and only `()` to push
        }
        lane.make_room()?;
        if T::PLAIN.is_some() {
            // SAFETY: `make_room` has found the slot free, and the ring's message is `T`.
            unsafe { lane.next_slot().cast::<T>().write(message) };
        } else {
            encode(lane, &message)?;
        }
        if lane.is_tagged() {
            let writer = lane.writer();
            writer.slots().set_tags(writer.tail(), &lane.step.tags.not_last());
        }
        lane.filled(1);
        Ok(())
    }
}

/// Encodes into the arena: at once if it fits into the room at hand, else when there is as much room as it needs.
fn encode<T: Message>(lane: &mut Lane, message: &T) -> Result<()> {
    let mut window = lane.writer().window();
    loop {
        let needed = encode_into(lane, message, window);
        if needed <= window.len {
            lane.writer_mut().placed(window.offset, needed);
            return Ok(());
        }
        let limit = lane.writer().slots().arena().len;
        if needed > limit {
            return Err(Failure::too_large(lane.parts.outlet_name, needed, limit));
        }
        if lane.writer().window_of(needed).is_none() {
            lane.wait_for_room(Reason::AnyRoom, |writer| writer.window_of(needed).is_some(), None)?;
        }
        match lane.writer().window_of(needed) {
            Some(room) => window = room,
            None => return Err(Failure::stopped()),
        }
    }
}

/// How many bytes the message needs; it is written if there are as many.
fn encode_into<T: Message>(lane: &Lane, message: &T, window: Window) -> usize {
    let room = lane.writer().slots().arena_at(window.offset);
    // SAFETY: the window lies in the part of the arena that is not in use, and starts at a multiple of `ALIGN`.
    let mut encoder = unsafe { Encoder::new(room, window.len) };
    message.encode(&mut encoder);
    encoder.len()
}
