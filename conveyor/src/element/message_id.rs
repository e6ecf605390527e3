//! The name of a message: [`MessageId`].

use crate::Message;
use crate::meter::at_work::{self, AtWork};
use std::fmt;

/// The name of one message of a run; see [`message_id`].
///
/// It can be printed, compared, hashed and sent. The order of two means something if one lane has given both: then it is
/// the order in which it gave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Message)]
#[message(plain, crate = crate)]
#[repr(C)]
pub struct MessageId {
    /// Who has given it.
    element: u32,
    lane: u32,
    position: u64,
    /// Made of that message in a row of fused stages: where, and which of those made of it there.
    place: u32,
    part: u32,
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MessageId { element, lane, position, place, part } = self;
        write!(f, "{element}.{lane}.{position}")?;
        if *place > 0 { write!(f, ".{place}.{part}") } else { Ok(()) }
    }
}

/// The name of the message that the calling code works on: a key for whatever it does outside of the pipeline, so that a
/// thing done twice can be told from two things.
///
/// Processors, sinks and closures may ask, on their own thread, while they work on a message. The name is distinct from
/// that of every other message of the run, also behind a `join merge`. It stays the same when the worker dies, and its
/// replacement works on the message again; so a database that has this key already has the row. In another run, or the same
/// pipeline with other neighbours fused or in another context, it may be another one. What belongs to one message of a
/// replicated fork has one name in all branches, and a tuple of a `join zip` has that of its first part.
///
/// ```
/// use conveyor::{Context, message_id, pipeline};
///
/// let named = pipeline! { <u64 -> (u64, String)>; processor(|x| (x, message_id().to_string())) };
/// let named: Vec<_> = named.run([7, 7]).collect::<Result<_, _>>()?;
/// assert_ne!(named[0], named[1]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// # Panics
/// When no message is at work: in a constructor, `flush`, `finish`, [`Checkpoint`](crate::Checkpoint) or a source, on
/// another thread, and outside of pipelines.
pub fn message_id() -> MessageId {
    let Some(AtWork { giver, position, place, part }) = at_work::message() else {
        panic!("`message_id()`: no message is at work here; a processor or a sink asks while it takes one");
    };
    MessageId { element: giver.element, lane: giver.lane, position, place, part }
}
