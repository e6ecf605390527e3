//! What a context drives: a stage, or a row of stages that run as one.

use crate::Result;
use crossbeam_channel::Select;
use std::time::Duration;

/// What has come of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Something was done.
    Moved,
    /// There is no input, or no room.
    Idle,
    /// Its stream has ended, and its outlet is closed.
    Ended,
}

/// A turn takes so many messages at most.
pub(super) const TURN_MAX: u64 = 1024;

/// A stage at work.
pub(crate) trait Stage {
    /// Does some work.
    ///
    /// # Errors
    /// The user's, or that the run is being stopped.
    fn turn(&mut self) -> Result<Turn>;
    /// Nothing else can move, and the pipe behind it drops what is too much: takes one message all the same.
    ///
    /// # Errors
    /// As for [`turn`](Self::turn).
    fn press(&mut self) -> Result<Turn>;
    /// The message it works on.
    fn position(&self) -> Option<u64>;
    /// It has nothing to do and is about to sleep: who brings something is told so. `true` if there is something after
    /// all.
    fn rest(&mut self) -> bool;
    /// It has taken messages which it has not begun with: nobody else can have them.
    fn holds_input(&mut self) -> bool;
    /// Hands on what it has given, after a turn that has failed or panicked.
    fn publish(&mut self);
    /// Adds everything that can bring something to do.
    fn watch<'a>(&'a self, select: &mut Select<'a>);
    /// Adds what a lane has to hear of that takes no messages: flush marks.
    fn watch_marks<'a>(&'a self, select: &mut Select<'a>);
    /// So long it had nothing to do.
    fn waited_for_input(&self, time: Duration);
}
