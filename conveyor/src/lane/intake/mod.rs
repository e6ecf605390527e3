//! How a lane takes its input: one ring, a share of one, or several rings as a join.
//!
//! - `whole`: every message of one ring
//! - `share`: a balanced fork; ranges of one ring, claimed
//! - `merge`, `ordered`, `zip`: the joins; `rings`: what they have in common

mod merge;
mod ordered;
mod rings;
mod share;
mod whole;
mod zip;

pub(crate) use merge::Merge;
pub(crate) use ordered::Ordered;
pub(crate) use share::{Gate, Share, ShareParts};
pub(crate) use whole::Whole;
pub(crate) use zip::Zip;

use crate::lane::Futex;
use crate::ring::Span;
use crate::ring::bell::Reason;
use crate::ring::tags::Tags;

/// What an inlet has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ready {
    /// That many messages with values, in one piece.
    Run(usize),
    /// One message without a value, to be handed on or dropped.
    Tombstone,
    /// The first messages of inlet ring `ring` are too many: they are to be dropped.
    Surplus {
        /// How many, in one piece.
        messages: usize,
        ring: usize,
    },
    /// Everything before this flush mark has been taken.
    Flush(u64),
    /// The stream has ended, and everything has been taken.
    Ended,
    /// Nothing yet.
    Empty,
    /// What stands in shared memory about this ring of the inlet cannot be.
    Damaged(usize),
}

/// The reading side of a lane.
pub(crate) trait Intake: Send {
    /// What is there: at most `want` messages, or a flush mark after the `passed` ones.
    fn poll(&mut self, want: u64, passed: u64) -> Ready;
    /// Why the lane sleeps when there is nothing for it.
    fn reason(&self) -> Reason {
        Reason::Input
    }
    /// The run that `poll` has just found. Of a zip there are `parts`.
    ///
    /// # Safety
    /// `len` is not above what was found. A message, also one in the parts, whatever their lifetime says, must not be used
    /// after it has been taken and that was committed, nor when this inlet is gone.
    unsafe fn span<'a>(&self, len: usize, parts: &'a mut Vec<Span<'static>>) -> Span<'a>;
    /// The tags of the `index`th message of the run, as the stage's outputs carry them on.
    fn tags(&self, index: u64) -> Tags;
    /// Where the run starts, for error messages; `None` if only the count of messages says it.
    fn position(&self) -> Option<u64>;
    /// Where the run starts: in which ring, and at which position there.
    fn place(&self) -> (u32, u64);
    /// Has a wait for input been worth a nap?
    fn has_paid(&self) -> bool;
    /// How many messages there are, for the report.
    fn waiting(&self) -> u64;
    /// Nothing is taken for now: a writer that sleeps until there is more room than there is has to go on.
    fn rouse_writers(&mut self, sleep: &Futex);
    /// The first messages of the run have been used up.
    fn take(&mut self, messages: u64);
    /// Writes the positions into the values of the record.
    fn save(&self, values: &mut [u64]);
    /// The record has been committed.
    fn settle(&mut self) {}
    /// Wakes writers that wait for what was committed.
    fn wake(&mut self, sleep: &Futex);
}
