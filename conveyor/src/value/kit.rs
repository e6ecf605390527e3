//! Channels and intakes by type, for callers that know types only as facts.

use super::block::channel;
use super::branch::Branch;
use super::brim::{Brim, Surplus};
use super::halt::Halt;
use super::intake::{Intake, Line, Note, Notes, Ordered, Streams};
use super::outbox::Outbox;
use crate::Message;
use crate::meter::at_work::Giver;
use crossbeam_channel::Sender;
use std::any::Any;

/// An end of a channel, an outbox or an intake, whose type both sides know.
pub(crate) type AnyPort = Box<dyn Any + Send>;

/// The port as what it is.
pub(crate) fn typed<T: 'static>(port: AnyPort) -> T {
    *port.downcast().expect("the compiler has checked that both ends of an arrow carry one type")
}

/// What one lane writes.
pub(crate) struct RingKit {
    pub(crate) giver: Giver,
    pub(crate) brim: Brim,
    /// Messages carry tags.
    pub(crate) tagged: bool,
    /// What `copier` gives; needed for more than one group.
    pub(crate) copy: Option<AnyPort>,
    /// Every group gets every message; of its members one.
    pub(crate) groups: Vec<Vec<Member>>,
    pub(crate) halt: Halt,
}

/// A reader, as its writer sees it.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) notes: Sender<Note>,
    /// Which of the reader's channels this is.
    pub(crate) part: usize,
}

/// What one lane reads.
pub(crate) struct InletKit {
    pub(crate) lines: Vec<AnyPort>,
    pub(crate) notes: Notes,
    /// So many regions open in front of it: numbers are origins there.
    pub(crate) opens: usize,
}

/// The outbox, and for every group the line of each of its members.
pub(crate) type Ring = (AnyPort, Vec<Vec<AnyPort>>);

/// How to make them for one type of message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kit {
    pub(crate) ring: fn(RingKit) -> Ring,
    /// A pipe, a share or a merge.
    pub(crate) streams: fn(InletKit) -> AnyPort,
    pub(crate) ordered: fn(InletKit) -> AnyPort,
}

impl Kit {
    pub(crate) fn of<T: Message>() -> Kit {
        Kit { ring: ring::<T>, streams: streams::<T>, ordered: ordered::<T> }
    }
}

/// How a replicated fork copies its messages.
pub(crate) fn copier<T: Message + Clone>() -> AnyPort {
    let copy: fn(&T) -> T = T::clone;
    Box::new(copy)
}

fn ring<T: Message>(kit: RingKit) -> Ring {
    let RingKit { giver, brim, tagged, copy, groups, halt } = kit;
    let mut branches = Vec::new();
    let mut lines = Vec::new();
    for members in groups {
        let (publisher, reader) = channel(members.len());
        let surplus = Surplus::default();
        let line = || -> AnyPort {
            Box::new(Line::<T>::new(giver, reader.clone(), brim.clone(), surplus.clone(), tagged))
        };
        lines.push(members.iter().map(|_| line()).collect());
        branches.push(Branch::new(publisher, members, surplus, &brim));
    }
    let outbox = Outbox::<T>::new(branches, brim, tagged, copy.map(typed), halt);
    (Box::new(outbox), lines)
}

fn streams<T: Message>(kit: InletKit) -> AnyPort {
    let lines = kit.lines.into_iter().map(typed).collect();
    let intake: Box<dyn Intake<T>> = Box::new(Streams::<T>::new(lines, kit.notes, kit.opens));
    Box::new(intake)
}

fn ordered<T: Message>(kit: InletKit) -> AnyPort {
    let lines = kit.lines.into_iter().map(typed).collect();
    let intake: Box<dyn Intake<T>> = Box::new(Ordered::<T>::new(lines, kit.notes));
    Box::new(intake)
}
