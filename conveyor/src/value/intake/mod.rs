//! How a lane takes its input.
//!
//! - `line`: one channel; `notes`: the flush marks beside the channels
//! - `streams`: messages as they come, from one channel or several: a pipe, a share of a balanced fork, `join merge`
//! - `ordered`, `zip`: the joins that put messages into order

mod line;
#[cfg(all(test, loom))]
mod model_tests;
mod notes;
mod ordered;
mod streams;
mod zip;

pub(crate) use line::{AtHand, Line};
use notes::Pause;
pub(crate) use notes::{Note, Notes};
pub(crate) use ordered::Ordered;
pub(crate) use streams::Streams;
pub(crate) use zip::{Gather, GatherParts};

use crate::meter::at_work::Giver;
use crate::ring::tags::Tags;
use crossbeam_channel::Select;

/// What an inlet has.
pub(crate) enum Next<T> {
    /// A message; without a value it only has to be handed on.
    Message {
        /// For error messages; `None` if only the count of messages says it.
        position: Option<u64>,
        /// Who has sent it, and its number there.
        sent: (Giver, u64),
        value: Option<T>,
    },
    /// Everything before this flush mark has been taken.
    Flush(u64),
    /// The stream has ended, and everything has been taken.
    Ended,
    /// Nothing yet.
    Empty,
}

/// The reading side of a lane.
pub(crate) trait Intake<T>: Send {
    /// What is there, without waiting. The message's tags are as the lane's outputs carry them on.
    fn next(&mut self, tags: &mut Tags) -> Next<T>;
    /// Messages at hand, for who takes them himself: in order, all with a value, without tags. `None` if there are none,
    /// or `next` has something else to say.
    fn hand(&mut self) -> Option<AtHand<'_, T>> {
        None
    }
    /// The number of the message that was last taken from the hand.
    fn last(&self) -> Option<u64> {
        None
    }
    /// Messages were taken from a channel that are not handed on yet; only a share of a fork is ever asked. Its writer knows
    /// of all others then.
    fn holds_any(&mut self) -> bool {
        false
    }
    /// Nothing was there, and the reader is about to sleep: the writers are told so. `true` if something has come in the
    /// meantime.
    fn rest(&mut self) -> bool;
    /// The lane would take so many messages at once.
    #[allow(unused_variables)]
    fn set_want(&self, want: u64) {}
    /// Adds everything that can bring something new.
    fn watch<'a>(&'a self, select: &mut Select<'a>);
    /// Adds what tells of flush marks; only a share of a fork is ever left without messages on purpose.
    fn watch_marks<'a>(&'a self, select: &mut Select<'a>) {
        self.watch(select);
    }
    /// How many messages wait there.
    fn waiting(&self) -> usize;
}
