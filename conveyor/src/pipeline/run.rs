//! A run over an iterator: it sends the inputs from within `next`, in the calling thread.
//!
//! It never waits for one end alone while the other could move: with inputs left it waits for whichever moves first.

use super::pace::Pace;
use super::session::{Session, Taken};
use super::winding::WindDownHandle;
use crate::Error;
use crate::context::{Ends, Engine, Sent, Wait};
use crate::report::Report;
use crate::sys::ours::Ours;
use std::iter::FusedIterator;
use std::time::Instant;

/// The outputs of a run, which takes its inputs from an iterator; see [`Pipeline::run`](super::Pipeline::run).
///
/// An error is given once, and is the last item. Dropping the iterator ends the run and leaves nothing behind.
#[must_use = "a run is an iterator: its inputs are only sent while its outputs are taken"]
pub struct Run<In, Out, I> {
    /// Why it could not start.
    refused: Option<Error>,
    /// Gone when the run has ended. Dropped before the session waits for the workers.
    ends: Option<Ours<Box<dyn Ends<In, Out>>>>,
    /// Missing only if the run could not start.
    session: Option<Session>,
    feed: Feed<In, I>,
}

/// The inputs that are left.
struct Feed<In, I> {
    /// `None` when there are no more.
    inputs: Option<I>,
    /// There was no room for it.
    pending: Option<In>,
    pace: Pace,
    /// Outputs taken since the last burst of inputs.
    taken: u32,
}

impl<In, Out, I: Iterator<Item = In>> Run<In, Out, I> {
    pub(super) fn new(engine: Result<Engine<In, Out>, Error>, inputs: I) -> Self {
        let feed = Feed { inputs: Some(inputs), pending: None, pace: Pace::new(), taken: u32::MAX };
        match engine {
            Ok(Engine { ends, control }) => {
                Run { refused: None, ends: Some(Ours::new(ends)), session: Some(Session::new(control)), feed }
            }
            Err(error) => Run { refused: Some(error), ends: None, session: None, feed },
        }
    }

    /// What the run has done so far, or altogether if it has ended: the same as [`Running::metrics`](super::Running::metrics) of a
    /// run that is fed by hand.
    ///
    /// ```
    /// let squares = conveyor::pipeline! { <u64 -> u64>; processor square = |x| x * x; square };
    /// let mut run = squares.run(0..1000);
    /// let first = run.next().expect("there are inputs")?;
    /// assert_eq!((first, run.report().interrupted()), (0, None)); // it goes on
    /// assert_eq!(run.by_ref().count(), 999);
    /// assert_eq!(run.report().processor("square").unwrap().messages_out(), 1000); // altogether
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn report(&self) -> Report {
        self.session.as_ref().map(Session::report).unwrap_or_default()
    }

    /// Lets the run come to its end from within a loop over it, or from another thread: its sources give nothing more, the
    /// iterator takes no more inputs, and its last items are what is under way. See
    /// [`Running::wind_down`](super::Running::wind_down).
    ///
    /// ```
    /// let squares = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * x) };
    /// let mut run = squares.run(0..);
    /// let (enough, mut count) = (run.wind_down_handle(), 0);
    /// for square in &mut run {
    ///     assert_eq!(square?, count * count);
    ///     count += 1;
    ///     if count == 100 {
    ///         enough.wind_down(); // a `break` would lose what is under way
    ///     }
    /// }
    /// assert!(count >= 100);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn wind_down_handle(&self) -> WindDownHandle {
        let control = self.session.as_ref().map(Session::control);
        control.as_ref().map_or_else(WindDownHandle::of_none, WindDownHandle::of)
    }
}

impl<In, Out, I: Iterator<Item = In>> Iterator for Run<In, Out, I> {
    type Item = Result<Out, Error>;

    fn next(&mut self) -> Option<Result<Out, Error>> {
        if let Some(error) = self.refused.take() {
            return Some(Err(error));
        }
        let (Some(ends), Some(session)) = (&mut self.ends, &mut self.session) else {
            return None;
        };
        let item = match next(&mut ***ends, session, &mut self.feed) {
            Taken::Message(message) => return Some(Ok(message)),
            Taken::Failed(error) => Some(Err(error)),
            Taken::Empty | Taken::Drained | Taken::Ended => None,
        };
        self.ends = None;
        self.feed.end();
        item
    }
}

impl<In, Out, I: Iterator<Item = In>> FusedIterator for Run<In, Out, I> {}

/// The next message or the end: never `Empty`.
fn next<In, Out, I: Iterator<Item = In>>(
    ends: &mut dyn Ends<In, Out>,
    session: &mut Session,
    feed: &mut Feed<In, I>,
) -> Taken<Out> {
    loop {
        let full = feed.is_due() && feed.burst(ends);
        let wait = if feed.inputs.is_some() { Wait::No } else { Wait::Forever };
        match session.take_message(ends.end(), wait) {
            Taken::Empty => feed.taken = u32::MAX,
            taken => {
                feed.taken = feed.taken.saturating_add(1);
                return taken;
            }
        }
        if full {
            ends.wait_for_either();
        }
    }
}

impl<In, I: Iterator<Item = In>> Feed<In, I> {
    /// Either nothing was there to take, or so much was taken that the workers could run dry.
    fn is_due(&self) -> bool {
        self.inputs.is_some() && self.taken >= self.pace.burst()
    }

    /// Sends some inputs; `true` when the head is full.
    fn burst<Out>(&mut self, ends: &mut dyn Ends<In, Out>) -> bool {
        let started = Instant::now();
        let head = ends.head();
        self.taken = 0;
        for _ in 0..self.pace.burst() {
            let Some(message) = self.pending.take().or_else(|| self.inputs.as_mut()?.next()) else {
                head.close();
                self.end();
                return false;
            };
            match head.send(message, Wait::No) {
                Sent::Done => {}
                Sent::Full(message) => {
                    self.pending = Some(message);
                    head.flush();
                    return true;
                }
                // what has become of the run comes out at the other end
                Sent::Closed(_) => {
                    self.end();
                    return false;
                }
            }
        }
        head.flush();
        self.pace.sent(started);
        false
    }

    fn end(&mut self) {
        self.inputs = None;
        self.pending = None;
    }
}
