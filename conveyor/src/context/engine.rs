//! One run, as the caller's handle sees it: the two open ends, and the run as a whole.
//!
//! Invariants that every context holds:
//! - a send or a receive that waits returns when the run ends, fails or is stopped, whatever else happens;
//! - a run that has failed stops all its workers by itself; a stop is no failure;
//! - the first error is known before either end says that the run is over;
//! - while one flush mark is under way, no other is asked for.

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
    /// The run has ended or failed, or the head is closed, or there is none.
    Closed(In),
}

/// What has come out.
pub(crate) enum Received<Out> {
    /// A message.
    Message(Out),
    /// Nothing in time.
    Empty,
    /// Everything sent before the flush mark that was asked for has come out; see [`SendEnd::mark`].
    Drained,
    /// The stream has ended, or the run has failed: see [`Control::join`].
    Ended,
}

/// The open head. Of a pipeline without one, `send` gives the message back.
pub(crate) trait SendEnd<In>: Send {
    fn send(&mut self, message: In, wait: Wait) -> Sent<In>;
    /// Makes everything sent so far visible to the workers; `send` itself may gather messages into batches.
    fn flush(&mut self);
    /// Everything sent so far is to be flushed through the pipeline (processors' `flush` is called).
    fn mark(&mut self);
    /// Nothing more will be sent. May be repeated.
    fn close(&mut self);
}

/// The open end. Of a pipeline without one, `recv` waits for the marks and the end all the same.
pub(crate) trait RecvEnd<Out>: Send {
    fn recv(&mut self, wait: Wait) -> Received<Out>;
    /// Is it known that no lane does anything more before an output is taken, and that there is one? As long as it is not, ask
    /// again a little later, and say if it is the first time: what was found before that counts no more, because the caller
    /// itself has done something since.
    fn is_stuck(&mut self, first: bool) -> bool;
    /// Only the thread that has started the run can wait here, because it runs the stages meanwhile.
    #[cfg(feature = "async")]
    fn stays_here(&self) -> bool {
        false
    }
}

/// An open end that can wait for its run's head `H` at the same time.
pub(crate) trait Either<H> {
    /// Waits until a message, a mark or the end can be received, or there is room in the head again, or the run has
    /// ended; all that was sent has been flushed. May return early.
    fn wait_for_either(&mut self, head: &mut H);
}

/// Both ends in one hand.
pub(crate) trait Ends<In, Out>: Send {
    fn head(&mut self) -> &mut dyn SendEnd<In>;
    fn end(&mut self) -> &mut dyn RecvEnd<Out>;
    /// See [`Either`].
    fn wait_for_either(&mut self);
    /// One for each of two threads.
    fn split(self: Box<Self>) -> (Box<dyn SendEnd<In>>, Box<dyn RecvEnd<Out>>);
}

/// The run as a whole.
pub(crate) trait Control: Send + Sync {
    /// Ends the run as it is; safe to repeat.
    fn stop(&self);
    /// Lets the run come to its end: sources give nothing more, the head takes nothing more, and what is under way comes
    /// out. Safe to repeat.
    fn wind_down(&self);
    /// Waits until every worker is gone; the first error.
    fn join(&self) -> Result<(), Error>;
    /// The first error so far.
    fn error(&self) -> Option<Error>;
    /// What every lane has done so far.
    fn report(&self) -> Report;
}

/// One run.
pub(crate) struct Engine<In, Out> {
    pub(crate) ends: Box<dyn Ends<In, Out>>,
    pub(crate) control: Arc<dyn Control>,
}

impl<In: 'static, Out: 'static> Engine<In, Out> {
    pub(crate) fn new<H, E>(head: H, end: E, control: Arc<dyn Control>) -> Self
    where
        H: SendEnd<In> + 'static,
        E: RecvEnd<Out> + Either<H> + 'static,
    {
        Engine { ends: Box::new(Pair { end, head }), control }
    }
}

/// In this order they are dropped: the end stops the run. A head that is gone before that looks like the end of the stream.
struct Pair<H, E> {
    end: E,
    head: H,
}

impl<In, Out, H, E> Ends<In, Out> for Pair<H, E>
where
    H: SendEnd<In> + 'static,
    E: RecvEnd<Out> + Either<H> + 'static,
{
    fn head(&mut self) -> &mut dyn SendEnd<In> {
        &mut self.head
    }
    fn end(&mut self) -> &mut dyn RecvEnd<Out> {
        &mut self.end
    }
    fn wait_for_either(&mut self) {
        self.end.wait_for_either(&mut self.head);
    }
    fn split(self: Box<Self>) -> (Box<dyn SendEnd<In>>, Box<dyn RecvEnd<Out>>) {
        let Pair { end, head } = *self;
        (Box::new(head), Box::new(end))
    }
}
