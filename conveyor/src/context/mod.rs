//! The contexts a pipeline runs in, and the seam between them and the caller's handle.

#[cfg(target_os = "linux")]
pub(crate) mod processes;

use crate::Error;
use crate::report::Report;
use std::sync::Arc;
use std::time::Instant;

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    /// Not at all.
    No,
    /// Until then.
    Until(Instant),
    /// As long as it takes.
    Forever,
}

/// What has become of a message that was to be sent.
pub(crate) enum Sent<In> {
    /// It is in the pipeline, though perhaps not yet visible there: see [`SendEnd::flush`].
    Done,
    /// There was no room in time.
    Full(In),
    /// The run has ended or failed.
    Closed(In),
}

/// What has come out.
pub(crate) enum Received<Out> {
    /// A message.
    Message(Out),
    /// Nothing in time.
    Empty,
    /// Everything sent before the flush mark that was asked for has come out; see [`Control::mark`].
    Drained,
    /// The stream has ended, or the run has failed: see [`Control::error`].
    Ended,
}

/// The open head. Of a pipeline without one, `send` gives the message back.
pub(crate) trait SendEnd<In>: Send {
    fn send(&mut self, message: In, wait: Wait) -> Sent<In>;
    /// Makes everything sent so far visible to the workers; `send` itself may gather messages into batches.
    fn flush(&mut self);
    /// Everything sent so far is to be flushed through the pipeline (processors' `flush` is called).
    fn mark(&mut self);
    /// Nothing more will be sent.
    fn close(&mut self);
}

/// The open end. Of a pipeline without one, `recv` waits for the marks and the end all the same.
pub(crate) trait RecvEnd<Out>: Send {
    fn recv(&mut self, wait: Wait) -> Received<Out>;
    /// The end is full: nothing moves until a message is taken.
    fn is_full(&mut self) -> bool;
}

/// The run as a whole.
pub(crate) trait Control: Send + Sync {
    /// Ends the run as it is; safe to repeat.
    fn stop(&self);
    /// Waits until every worker is gone; the first error.
    fn join(&self) -> Result<(), Error>;
    /// The first error so far.
    fn error(&self) -> Option<Error>;
    /// What every lane has done so far.
    fn report(&self) -> Report;
}

/// One run.
pub(crate) struct Engine<In, Out> {
    pub(crate) sender: Box<dyn SendEnd<In>>,
    pub(crate) receiver: Box<dyn RecvEnd<Out>>,
    pub(crate) control: Arc<dyn Control>,
}
