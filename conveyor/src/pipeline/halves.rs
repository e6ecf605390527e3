//! The two ends of a run, for two threads.

use super::error::{RecvError, RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError};
use super::running::until;
use super::session::{Session, Taken, why_closed};
use super::winding::WindDownHandle;
use crate::Error;
use crate::context::{Control, RecvEnd, SendEnd, Sent, Wait};
use crate::report::Report;
use crate::sys::ours::Ours;
use std::sync::Arc;
use std::time::Duration;

/// The open head of a run; see [`Running::split`](super::Running::split), and for its calls those of
/// [`Running`](super::Running). Dropping it closes the head: what was sent
/// still comes out.
pub struct Sender<In> {
    head: Ours<Box<dyn SendEnd<In>>>,
    control: Arc<dyn Control>,
}

/// The open end of a run; see [`Running::split`](super::Running::split), and for its calls those of
/// [`Running`](super::Running). Dropping it ends the run and leaves nothing
/// behind.
pub struct Receiver<Out> {
    /// Dropped before the session waits for the workers.
    end: Ours<Box<dyn RecvEnd<Out>>>,
    session: Session,
}

impl<In> Sender<In> {
    pub(super) fn new(head: Box<dyn SendEnd<In>>, control: Arc<dyn Control>) -> Self {
        Sender { head: Ours::new(head), control }
    }

    /// Sends a message; waits while the pipeline is full.
    ///
    /// # Errors
    /// When the run has ended or failed; the message comes back.
    pub fn send(&mut self, message: In) -> Result<(), SendError<In>> {
        let mut message = message;
        loop {
            message = match send(&mut **self.head, &*self.control, message, Wait::Forever) {
                Ok(()) => return Ok(()),
                Err(SendTimeoutError::Ended(failed)) => return Err(failed),
                Err(SendTimeoutError::Timeout(message)) => message,
            };
        }
    }

    /// Sends a message if there is room for it now.
    ///
    /// # Errors
    /// When there is none, or the run has ended or failed; the message comes back.
    pub fn try_send(&mut self, message: In) -> Result<(), TrySendError<In>> {
        try_send(&mut **self.head, &*self.control, message)
    }

    /// Sends a message; waits at most so long while the pipeline is full.
    ///
    /// # Errors
    /// When there was no room in time, or the run has ended or failed; the message comes back.
    pub fn send_timeout(&mut self, message: In, timeout: Duration) -> Result<(), SendTimeoutError<In>> {
        send(&mut **self.head, &*self.control, message, until(timeout))
    }
}

impl<In> Drop for Sender<In> {
    fn drop(&mut self) {
        if self.head.is_ours() {
            self.head.close();
        }
    }
}

impl<Out> Receiver<Out> {
    pub(super) fn new(end: Box<dyn RecvEnd<Out>>, session: Session) -> Self {
        Receiver { end: Ours::new(end), session }
    }

    /// Takes the next output; waits until there is one.
    ///
    /// # Errors
    /// When everything has come out and nothing more will, or the run has failed.
    pub fn recv(&mut self) -> Result<Out, RecvError> {
        recv(&mut self.session, &mut **self.end)
    }

    /// Takes the next output if there is one now.
    ///
    /// # Errors
    /// When there is none; otherwise as for [`recv`](Self::recv).
    pub fn try_recv(&mut self) -> Result<Out, TryRecvError> {
        try_recv(&mut self.session, &mut **self.end)
    }

    /// Takes the next output; waits for it at most so long.
    ///
    /// # Errors
    /// When nothing came out in time; otherwise as for [`recv`](Self::recv).
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<Out, RecvTimeoutError> {
        recv_timeout(&mut self.session, &mut **self.end, timeout)
    }

    /// The next output if there is one now; otherwise nothing, and nothing is waited for, not even the workers' end.
    #[cfg(feature = "async")]
    pub(super) fn take_now(&mut self) -> Option<Out> {
        self.session.take_now(&mut **self.end)
    }

    #[cfg(feature = "async")]
    pub(super) fn stays_here(&self) -> bool {
        self.end.stays_here()
    }

    #[cfg(feature = "async")]
    pub(super) fn control(&self) -> Arc<dyn Control> {
        self.session.control()
    }

    /// The outputs until the stream ends; a failure is the last item.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// let (mut sender, mut receiver) = double.start()?.split();
    /// sender.send(4)?;
    /// drop(sender); // nothing more comes
    /// assert_eq!(receiver.iter().collect::<Result<Vec<_>, _>>()?, [8]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn iter(&mut self) -> impl Iterator<Item = Result<Out, Error>> {
        let mut failed = false;
        std::iter::from_fn(move || match self.recv() {
            _ if failed => None,
            Ok(message) => Some(Ok(message)),
            Err(RecvError::Ended) => None,
            Err(RecvError::Failed(error)) => {
                failed = true;
                Some(Err(error))
            }
        })
    }

    /// Lets the run come to its end, from wherever that is called for; see [`Running::wind_down`](super::Running::wind_down).
    /// A [`Sender`] has to be dropped, too.
    pub fn wind_down_handle(&self) -> WindDownHandle {
        WindDownHandle::of(&self.session.control())
    }

    /// Ends the run as it is: what is under way is lost.
    ///
    /// # Errors
    /// When the run had failed before.
    pub fn stop(self) -> Result<Report, Error> {
        let Receiver { end, mut session } = self;
        drop(end);
        session.stop()?;
        Ok(session.report())
    }

    /// What the run has done so far, or altogether if it has ended; see [`Running::metrics`](super::Running::metrics).
    pub fn metrics(&self) -> Report {
        self.session.report()
    }

    /// Why the run has failed, if it has.
    pub fn error(&self) -> Option<Error> {
        self.session.error()
    }
}

/// Every public send ends here. It makes the message visible at once.
pub(super) fn send<In>(
    head: &mut dyn SendEnd<In>,
    control: &dyn Control,
    message: In,
    wait: Wait,
) -> Result<(), SendTimeoutError<In>> {
    match head.send(message, wait) {
        Sent::Done => {
            head.flush();
            Ok(())
        }
        Sent::Full(message) => Err(SendTimeoutError::Timeout(message)),
        Sent::Closed(message) => {
            Err(SendTimeoutError::Ended(SendError { message, error: why_closed(control) }))
        }
    }
}

pub(super) fn try_send<In>(
    head: &mut dyn SendEnd<In>,
    control: &dyn Control,
    message: In,
) -> Result<(), TrySendError<In>> {
    send(head, control, message, Wait::No).map_err(|error| match error {
        SendTimeoutError::Timeout(message) => TrySendError::Full(message),
        SendTimeoutError::Ended(failed) => TrySendError::Ended(failed),
    })
}

pub(super) fn recv<Out>(session: &mut Session, end: &mut dyn RecvEnd<Out>) -> Result<Out, RecvError> {
    loop {
        match session.take_message(end, Wait::Forever) {
            Taken::Message(message) => return Ok(message),
            Taken::Failed(error) => return Err(RecvError::Failed(error)),
            Taken::Ended => return Err(RecvError::Ended),
            Taken::Empty | Taken::Drained => {}
        }
    }
}

pub(super) fn try_recv<Out>(session: &mut Session, end: &mut dyn RecvEnd<Out>) -> Result<Out, TryRecvError> {
    match session.take_message(end, Wait::No) {
        Taken::Message(message) => Ok(message),
        Taken::Failed(error) => Err(TryRecvError::Failed(error)),
        Taken::Ended => Err(TryRecvError::Ended),
        Taken::Empty | Taken::Drained => Err(TryRecvError::Empty),
    }
}

pub(super) fn recv_timeout<Out>(
    session: &mut Session,
    end: &mut dyn RecvEnd<Out>,
    timeout: Duration,
) -> Result<Out, RecvTimeoutError> {
    match session.take_message(end, until(timeout)) {
        Taken::Message(message) => Ok(message),
        Taken::Failed(error) => Err(RecvTimeoutError::Failed(error)),
        Taken::Ended => Err(RecvTimeoutError::Ended),
        Taken::Empty | Taken::Drained => Err(RecvTimeoutError::Timeout),
    }
}
