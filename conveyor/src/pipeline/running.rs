//! A run that is fed by hand.

use super::drain::Drain;
use super::error::{RecvError, RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError};
use super::halves::{self, Receiver, Sender};
use super::session::Session;
use super::winding::WindDownHandle;
use crate::context::{Ends, Engine, Wait};
use crate::report::Report;
use crate::sys::ours::Ours;
use crate::{Error, ErrorKind};
use std::time::{Duration, Instant};

/// So soon a `send` that waits looks whether it waits for its own thread,
const LOOK_SOON: Duration = Duration::from_micros(100);
/// and at last so often.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A run with both its ends; see [`Pipeline::start`](super::Pipeline::start).
///
/// What is sent is visible to the pipeline's workers at once. Dropping it ends the run and leaves nothing behind: to
/// get everything that was sent, call [`drain`](Self::drain) or [`finish`](Self::finish) first.
pub struct Running<In, Out> {
    /// Dropped before the session waits for the workers.
    pub(super) ends: Ours<Box<dyn Ends<In, Out>>>,
    pub(super) session: Session,
}

impl<In, Out> Running<In, Out> {
    pub(super) fn new(engine: Engine<In, Out>) -> Self {
        Running { ends: Ours::new(engine.ends), session: Session::new(engine.control) }
    }

    /// Sends a message; waits while the pipeline is full.
    ///
    /// ```
    /// use conveyor::ErrorKind;
    ///
    /// let slow = conveyor::pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe(2) };
    /// let mut running = slow.start()?;
    /// // nobody takes any output: sooner or later the pipeline is full, and only this thread could change that
    /// let refused = (0..).find_map(|x| running.send(x).err()).expect("it is full at last");
    /// assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    /// assert!(running.drain().all(|output| output.is_ok()));
    /// running.send(refused.into_message())?;
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the run has failed; of kind [`WouldDeadlock`](ErrorKind::WouldDeadlock) when there is no room and nothing moves
    /// before an output is taken, because the pipeline is full or all chunks of a pool are in its outputs. [`split`](Self::split)
    /// the ends for two threads, or take outputs before sending more. A source in the middle of its `next` may yet give
    /// something: as long as there is one, this waits.
    pub fn send(&mut self, message: In) -> Result<(), SendError<In>> {
        let (mut message, mut wait, mut pause, mut only_we) = (message, Wait::No, LOOK_SOON, false);
        let mut first = true;
        loop {
            message = match self.send_now(message, wait) {
                Ok(()) => return Ok(()),
                Err(SendTimeoutError::Ended(failed)) => return Err(failed),
                Err(SendTimeoutError::Timeout(message)) if only_we => {
                    return Err(SendError { message, error: would_deadlock() });
                }
                Err(SendTimeoutError::Timeout(message)) => message,
            };
            // asked before the last look at the head: if that is full after the answer, it stays full
            only_we = self.ends.end().is_stuck(std::mem::take(&mut first));
            wait = if only_we { Wait::No } else { Wait::Until(Instant::now() + pause) };
            pause = LOOK_EVERY.min(2 * pause);
        }
    }

    /// Sends a message if there is room for it now.
    ///
    /// ```
    /// use conveyor::TrySendError;
    ///
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) -> pipe(2) };
    /// let mut running = double.start()?;
    /// let (mut inputs, mut outputs) = (0..100, Vec::new());
    /// let mut next = inputs.next();
    /// while let Some(input) = next.take() {
    ///     match running.try_send(input) {
    ///         Ok(()) => next = inputs.next(),
    ///         Err(TrySendError::Full(input)) => {
    ///             outputs.push(running.recv()?);
    ///             next = Some(input);
    ///         }
    ///         Err(TrySendError::Ended(failed)) => return Err(failed.into()),
    ///     }
    /// }
    /// outputs.extend(running.finish()?.0);
    /// assert!(outputs.into_iter().eq((0..100).map(|x| 2 * x)));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is none, or the run has failed; the message comes back.
    pub fn try_send(&mut self, message: In) -> Result<(), TrySendError<In>> {
        halves::try_send(self.ends.head(), &*self.session.control(), message)
    }

    /// Sends a message; waits at most so long while the pipeline is full.
    ///
    /// # Errors
    /// When there was no room in time, or the run has failed; the message comes back.
    pub fn send_timeout(&mut self, message: In, timeout: Duration) -> Result<(), SendTimeoutError<In>> {
        self.send_now(message, until(timeout))
    }

    fn send_now(&mut self, message: In, wait: Wait) -> Result<(), SendTimeoutError<In>> {
        halves::send(self.ends.head(), &*self.session.control(), message, wait)
    }

    /// Takes the next output; waits until there is one.
    ///
    /// It waits for ever if nothing is on its way through the pipeline: to take what is left, call
    /// [`drain`](Self::drain).
    ///
    /// # Errors
    /// When everything has come out and nothing more will, or the run has failed.
    pub fn recv(&mut self) -> Result<Out, RecvError> {
        halves::recv(&mut self.session, self.ends.end())
    }

    /// Takes the next output if there is one now.
    ///
    /// ```
    /// use conveyor::{RecvTimeoutError, TryRecvError};
    /// use std::time::Duration;
    ///
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// let mut running = double.start()?;
    /// assert!(matches!(running.try_recv(), Err(TryRecvError::Empty)));
    /// assert!(matches!(running.recv_timeout(Duration::from_millis(1)), Err(RecvTimeoutError::Timeout)));
    /// running.send(1)?;
    /// running.close();
    /// assert!(matches!(running.recv(), Ok(2)));
    /// assert!(matches!(running.recv(), Err(conveyor::RecvError::Ended)));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is none; otherwise as for [`recv`](Self::recv).
    pub fn try_recv(&mut self) -> Result<Out, TryRecvError> {
        halves::try_recv(&mut self.session, self.ends.end())
    }

    /// Takes the next output; waits for it at most so long.
    ///
    /// # Errors
    /// When nothing came out in time; otherwise as for [`recv`](Self::recv).
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<Out, RecvTimeoutError> {
        halves::recv_timeout(&mut self.session, self.ends.end(), timeout)
    }

    /// The outputs of everything sent so far: an iterator that ends when all of it has come out.
    ///
    /// Every processor's `flush` is called on the way, but not its `finish`; the processors keep their state for what
    /// is sent next.
    ///
    /// ```
    /// use conveyor::{Expand, Outlet, Result};
    ///
    /// /// Adds up, and tells the sum when asked.
    /// struct Sum(u64);
    /// impl Expand for Sum {
    ///     type In = u64;
    ///     type Out = u64;
    ///     fn expand(&mut self, x: u64, _: &mut impl Outlet<u64>) -> Result<()> {
    ///         self.0 += x;
    ///         Ok(())
    ///     }
    ///     fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
    ///         out.push(self.0)
    ///     }
    /// }
    ///
    /// let sums = conveyor::pipeline! { <u64 -> u64>; processor(Sum(0)) };
    /// let mut running = sums.start()?;
    /// for batch in [[1, 2], [3, 4]] {
    ///     for x in batch {
    ///         running.send(x)?;
    ///     }
    ///     let sums: Vec<u64> = running.drain().collect::<std::result::Result<_, _>>()?;
    ///     assert_eq!(sums, [if batch[0] == 1 { 3 } else { 10 }]);
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn drain(&mut self) -> Drain<'_, In, Out> {
        Drain::new(self)
    }

    /// Nothing more will be sent: the rest comes out, and then [`recv`](Self::recv) says that the stream has ended.
    pub fn close(&mut self) {
        self.ends.head().close();
    }

    /// Closes the head, takes all outputs that are left, and waits until every worker is gone.
    ///
    /// The outputs are collected in memory: where that may be too much, call [`close`](Self::close) and
    /// [`recv`](Self::recv) until the end first.
    ///
    /// # Errors
    /// When the run has failed.
    pub fn finish(mut self) -> Result<(Vec<Out>, Report), Error> {
        self.close();
        let mut rest = Vec::new();
        loop {
            match self.recv() {
                Ok(message) => rest.push(message),
                Err(RecvError::Ended) => return Ok((rest, self.metrics())),
                Err(RecvError::Failed(error)) => return Err(error),
            }
        }
    }

    /// Lets the run come to its end: its sources give nothing more, nothing more can be sent, and everything that is under
    /// way comes out. Processors and sinks finish as at any other end. It returns at once: take what comes out with
    /// [`recv`](Self::recv), or all of it with [`finish`](Self::finish).
    ///
    /// A source that is at work gives what it is at, and one that waits for something has to return first. Then it is
    /// dropped: so `Drop` is where it closes what it has opened.
    ///
    /// ```
    /// let endless = conveyor::pipeline! { <() -> u64>; source(0..u64::MAX) -> pipe -> processor(|x| x + 1) };
    /// let mut running = endless.start()?;
    /// assert_eq!(running.recv()?, 1);
    /// running.wind_down();
    /// let (rest, report) = running.finish()?;
    /// assert!(rest.iter().copied().eq(2..rest.len() as u64 + 2), "none is lost");
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn wind_down(&self) {
        self.session.control().wind_down();
    }

    /// The same for another thread, while this one waits for outputs.
    ///
    /// ```
    /// let endless = conveyor::pipeline! { <() -> u64>; source(0..u64::MAX) -> pipe -> filter(|x| x % 1000 == 999) };
    /// let running = endless.start()?;
    /// let handle = running.wind_down_handle();
    /// let ending = std::thread::spawn(move || handle.wind_down());
    /// let (outputs, _) = running.finish()?; // would never return otherwise
    /// assert!(outputs.iter().zip(0..).all(|(output, number)| *output == 1000 * number + 999));
    /// ending.join().unwrap();
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn wind_down_handle(&self) -> WindDownHandle {
        WindDownHandle::of(&self.session.control())
    }

    /// Ends the run as it is: what is under way is lost.
    ///
    /// ```
    /// let endless = conveyor::pipeline! { <() -> u64>; source(0..u64::MAX) -> pipe };
    /// let mut running = endless.start()?;
    /// assert_eq!(running.recv()?, 0);
    /// let report = running.stop()?; // whoever wants the rest calls `wind_down`
    /// println!("{report}");
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the run had failed before.
    pub fn stop(self) -> Result<Report, Error> {
        let Running { ends, mut session } = self;
        drop(ends);
        session.stop()?;
        Ok(session.report())
    }

    /// What the run has done so far: the same as [`Run::report`](super::Run::report). When the run is over,
    /// [`finish`](Self::finish) or [`stop`](Self::stop) has returned it.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor double = |x| x * 2; double };
    /// let mut running = double.start()?;
    /// for x in 0..10 {
    ///     running.send(x)?;
    /// }
    /// assert_eq!(running.drain().count(), 10);
    /// assert_eq!(running.metrics().processor("double").unwrap().messages_out(), 10);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn metrics(&self) -> Report {
        self.session.report()
    }

    /// Why the run has failed, if it has.
    pub fn error(&self) -> Option<Error> {
        self.session.error()
    }

    /// The two ends, for two threads. Now a full pipeline makes [`Sender::send`] wait until the other thread takes
    /// outputs.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// let (mut sender, mut receiver) = double.start()?.split();
    /// let feeder = std::thread::spawn(move || (0..10_000).try_for_each(|x| sender.send(x)));
    /// let sum = receiver.iter().sum::<Result<u64, _>>()?;
    /// assert_eq!(sum, 9_999 * 10_000);
    /// feeder.join().unwrap()?;
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn split(self) -> (Sender<In>, Receiver<Out>) {
        let Running { ends, session } = self;
        let (head, end) = ends.into_inner().split();
        (Sender::new(head, session.control()), Receiver::new(end, session))
    }
}

#[cold]
fn would_deadlock() -> Error {
    Error::new(
        ErrorKind::WouldDeadlock,
        "the pipeline is full, or its outputs hold all chunks of a pool, and only this thread could take them: take \
         some with `recv` before sending more, `split` the ends for two threads, or give the inputs to `run`",
    )
}

/// So long from now on; for ever if that is further away than there is time.
pub(super) fn until(timeout: Duration) -> Wait {
    Instant::now().checked_add(timeout).map_or(Wait::Forever, Wait::Until)
}
