//! The caller's ends of channels.

use super::assembly::Assembly;
use super::run::Run;
use crate::context::{Either, Received, RecvEnd, SendEnd, Sent, Wait};
use crate::ring::tags::Tags;
use crate::sync::Ordering;
use crate::value::{Asker, Intake, Next, Offer, Outbox, typed};
use crossbeam_channel::Select;
use std::sync::Arc;

/// Who finds nothing to do looks again so often before it sleeps: to be woken costs more.
pub(crate) const PATIENCE: u32 = 16;

/// The open head.
pub(crate) struct Head<In> {
    run: Arc<Run>,
    /// Without an open head, or when it is closed, there is none.
    outbox: Option<Outbox<In>>,
}

impl<In: 'static> Head<In> {
    pub(crate) fn new(run: &Arc<Run>, assembly: &mut Assembly) -> Head<In> {
        Head { run: run.clone(), outbox: assembly.head.take().map(typed) }
    }
}

impl<In> Head<In> {
    /// Adds what can bring room. `false` when there is nothing to wait for.
    fn watch_room<'a>(&'a self, select: &mut Select<'a>) -> bool {
        self.outbox.as_ref().is_some_and(|outbox| outbox.watch_room(select))
    }
}

impl<In: Send> SendEnd<In> for Head<In> {
    fn send(&mut self, message: In, wait: Wait) -> Sent<In> {
        if self.run.halt.is_winding_down() {
            self.close();
        }
        let Some(outbox) = &mut self.outbox else {
            return Sent::Closed(message);
        };
        let mut message = message;
        loop {
            message = match outbox.offer(message) {
                Ok(()) => return Sent::Done,
                Err(Offer::Closed(message)) => return Sent::Closed(message),
                Err(Offer::Full(message)) => message,
            };
            let may_wait = match wait {
                Wait::No => false,
                Wait::Until(deadline) => outbox.wait_for_room(Some(deadline)),
                Wait::Forever => outbox.wait_for_room(None),
            };
            if !may_wait {
                return Sent::Full(message);
            }
        }
    }

    fn flush(&mut self) {
        if let Some(outbox) = &mut self.outbox {
            // if the readers are gone, the run is over, and what was sent with it
            let _ = outbox.publish();
        }
    }

    fn mark(&mut self) {
        let epoch = self.run.marks.fetch_add(1, Ordering::AcqRel) + 1;
        if let Some(outbox) = &mut self.outbox {
            outbox.mark(epoch);
        }
    }

    fn close(&mut self) {
        if let Some(mut outbox) = self.outbox.take() {
            outbox.close();
        }
    }
}

/// The open end, and what the sinks have to tell. Dropping it ends the run.
pub(crate) struct End<Out> {
    run: Arc<Run>,
    /// Without an open end there is none.
    open: Option<Outcome<Out>>,
    sinks: Option<Outcome<()>>,
    /// Marks that have been reported.
    drained: u64,
    asker: Asker,
}

/// One place where marks and the end come out.
struct Outcome<T> {
    intake: Box<dyn Intake<T>>,
    /// The last mark that has come out.
    passed: u64,
    ended: bool,
}

impl<T> Outcome<T> {
    fn new(intake: Box<dyn Intake<T>>) -> Outcome<T> {
        Outcome { intake, passed: 0, ended: false }
    }

    /// The next message before the next mark. Nothing behind a mark is taken before all places have passed it.
    fn take(&mut self, drained: u64) -> Option<T> {
        while !self.ended && self.passed <= drained {
            match self.intake.next(&mut Tags::default()) {
                Next::Message { value: Some(message), .. } => return Some(message),
                Next::Message { value: None, .. } => {}
                Next::Flush(epoch) => self.passed = epoch,
                Next::Ended => self.ended = true,
                Next::Empty => break,
            }
        }
        None
    }

    fn rest(&mut self, drained: u64) -> bool {
        !self.ended && self.passed <= drained && self.intake.rest()
    }

    fn watch<'a>(&'a self, drained: u64, select: &mut Select<'a>) {
        if !self.ended && self.passed <= drained {
            self.intake.watch(select);
        }
    }
}

impl<Out: 'static> End<Out> {
    pub(crate) fn new(run: &Arc<Run>, assembly: &mut Assembly) -> End<Out> {
        let open = assembly.end.take().map(|end| Outcome::new(typed(end)));
        let sinks = assembly.sinks.take().map(|sinks| Outcome::new(Box::new(sinks)));
        End { run: run.clone(), open, sinks, drained: 0, asker: Asker::default() }
    }

    /// What can be received without waiting.
    pub(crate) fn poll(&mut self) -> Received<Out> {
        let drained = self.drained;
        // asked before the last look: who fails has published what he gave before
        let is_over = self.run.halt.is_called();
        if let Some(message) = self.open.as_mut().and_then(|open| open.take(drained)) {
            return Received::Message(message);
        }
        if let Some(sinks) = &mut self.sinks {
            while sinks.take(drained).is_some() {} // a sink gives nothing
        }
        let open = self.open.as_ref().map(|open| (open.ended, open.passed));
        let sinks = self.sinks.as_ref().map(|sinks| (sinks.ended, sinks.passed));
        let places = || open.into_iter().chain(sinks);
        if is_over || places().all(|(ended, _)| ended) {
            return Received::Ended;
        }
        match places().filter(|(ended, _)| !ended).map(|(_, passed)| passed).min() {
            Some(passed) if passed > self.drained => {
                self.drained = passed;
                Received::Drained
            }
            _ => Received::Empty,
        }
    }

    /// What can be received, after some patience if that is allowed; then the writers know that they are waited for.
    fn look(&mut self, wait: Wait) -> Received<Out> {
        let patience = if let Wait::No = wait { 0 } else { PATIENCE };
        for tries in 0..=patience {
            match self.poll() {
                Received::Empty if tries < patience => std::thread::yield_now(),
                Received::Empty => {}
                received => return received,
            }
        }
        if let Wait::No = wait {
            return Received::Empty;
        }
        if self.rest() { self.poll() } else { Received::Empty }
    }

    /// Nothing was there, and the caller is about to sleep. `true` if something has come in the meantime.
    pub(crate) fn rest(&mut self) -> bool {
        let drained = self.drained;
        let open = self.open.as_mut().is_some_and(|open| open.rest(drained));
        self.sinks.as_mut().is_some_and(|sinks| sinks.rest(drained)) | open
    }

    /// Adds everything that can bring something to receive.
    pub(crate) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        if let Some(open) = &self.open {
            open.watch(self.drained, select);
        }
        if let Some(sinks) = &self.sinks {
            sinks.watch(self.drained, select);
        }
        self.run.halt.watch(select);
    }
}

impl<Out: 'static> RecvEnd<Out> for End<Out> {
    fn recv(&mut self, wait: Wait) -> Received<Out> {
        loop {
            let received = self.look(wait);
            if !matches!(received, Received::Empty) || matches!(wait, Wait::No) {
                return received;
            }
            let mut select = Select::new();
            self.watch(&mut select);
            match wait {
                Wait::No | Wait::Forever => drop(select.ready()),
                Wait::Until(deadline) => {
                    if select.ready_deadline(deadline).is_err() {
                        return Received::Empty;
                    }
                }
            }
        }
    }

    fn is_stuck(&mut self, first: bool) -> bool {
        self.rest(); // the writers know of what has been taken
        if first {
            self.asker = Asker::default();
        }
        let has_output = self.open.as_ref().is_some_and(|open| open.intake.waiting() > 0);
        has_output && self.asker.nothing_moves(self.run.halt.lanes())
    }
}

impl<In, Out: 'static> Either<Head<In>> for End<Out> {
    fn wait_for_either(&mut self, head: &mut Head<In>) {
        let mut select = Select::new();
        if !self.rest() && head.watch_room(&mut select) {
            self.watch(&mut select);
            select.ready();
        }
    }
}

impl<Out> Drop for End<Out> {
    fn drop(&mut self) {
        self.run.stop();
    }
}
