//! What every handle is made of: one run and what is known of its end. Dropping it ends the run, and nothing of it
//! stays behind.

use crate::context::{Control, Received, RecvEnd, Wait};
use crate::report::Report;
use crate::sys::ours::Ours;
use crate::{Error, ErrorKind};
use std::sync::Arc;

/// One run.
pub(super) struct Session {
    control: Ours<Arc<dyn Control>>,
    /// How it has ended, once every worker is gone.
    outcome: Option<Result<(), Error>>,
    /// A flush mark has been set and has not come out yet.
    marked: bool,
}

/// What has been taken from the open end.
pub(super) enum Taken<Out> {
    Message(Out),
    /// Nothing in time.
    Empty,
    /// The flush mark.
    Drained,
    Ended,
    Failed(Error),
}

impl Session {
    pub(super) fn new(control: Arc<dyn Control>) -> Session {
        Session { control: Ours::new(control), outcome: None, marked: false }
    }

    /// Takes what comes out next, flush marks included.
    pub(super) fn take<Out>(&mut self, end: &mut dyn RecvEnd<Out>, wait: Wait) -> Taken<Out> {
        match end.recv(wait) {
            Received::Message(message) => Taken::Message(message),
            Received::Empty => Taken::Empty,
            Received::Drained => {
                self.marked = false;
                Taken::Drained
            }
            Received::Ended => match self.outcome() {
                Ok(()) => Taken::Ended,
                Err(error) => Taken::Failed(error),
            },
        }
    }

    /// The same for who waits for no mark: whoever did has gone away.
    pub(super) fn take_message<Out>(&mut self, end: &mut dyn RecvEnd<Out>, wait: Wait) -> Taken<Out> {
        loop {
            match self.take(end, wait) {
                Taken::Drained => {}
                taken => return taken,
            }
        }
    }

    /// The next message that is there now. It leaves marks aside, and the end to who may wait for it.
    #[cfg(feature = "async")]
    pub(super) fn take_now<Out>(&mut self, end: &mut dyn RecvEnd<Out>) -> Option<Out> {
        loop {
            match end.recv(Wait::No) {
                Received::Message(message) => return Some(message),
                Received::Drained => self.marked = false,
                Received::Empty | Received::Ended => return None,
            }
        }
    }

    pub(super) fn is_marked(&self) -> bool {
        self.marked
    }

    pub(super) fn set_marked(&mut self) {
        self.marked = true;
    }

    /// Waits for the end: what came out, or did not, has said that it has come.
    pub(super) fn outcome(&mut self) -> Result<(), Error> {
        let control = &self.control;
        self.outcome.get_or_insert_with(|| control.join()).clone()
    }

    /// Ends the run as it is. A run that had failed before has an error.
    pub(super) fn stop(&mut self) -> Result<(), Error> {
        self.control.stop();
        self.outcome()
    }

    pub(super) fn control(&self) -> Arc<dyn Control> {
        Arc::clone(&self.control)
    }

    pub(super) fn error(&self) -> Option<Error> {
        match &self.outcome {
            Some(outcome) => outcome.clone().err(),
            None => self.control.error(),
        }
    }

    pub(super) fn report(&self) -> Report {
        self.control.report()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.outcome.is_none() && self.control.is_ours() {
            // whoever drops a run does not want to know how it has ended
            let _ = self.stop();
        }
    }
}

/// Why the head takes nothing more.
pub(super) fn why_closed(control: &dyn Control) -> Error {
    control.error().unwrap_or_else(|| {
        Error::new(
            ErrorKind::Stopped,
            "the run takes nothing more: it was closed or stopped, or it starts with a source",
        )
    })
}
