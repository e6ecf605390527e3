//! The caller's ends: lanes in the caller's own process.

use super::control::Run;
use crate::context::{Either, Received, RecvEnd, SendEnd, Sent, Wait};
use crate::lane::intake::Ready;
use crate::lane::{Futex, Lane, offer};
use crate::ring::bell::Reason;
use crate::ring::patience::{Patience, Temper};
use crate::sync::Ordering;
use crate::{Error, Failure, Message};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Instant;

impl Wait {
    fn deadline(self) -> Option<Instant> {
        match self {
            Wait::No => Some(Instant::now()),
            Wait::Until(deadline) => Some(deadline),
            Wait::Forever => None,
        }
    }
}

pub(super) struct Sender<In> {
    pub(super) run: Arc<Run>,
    /// Without an open head there is none.
    pub(super) lane: Option<Lane>,
    pub(super) of: PhantomData<fn(In)>,
}

impl<In: Message> SendEnd<In> for Sender<In> {
    fn send(&mut self, message: In, wait: Wait) -> Sent<In> {
        if self.lane.as_ref().is_some_and(Lane::is_winding_down) {
            self.close();
        }
        let Some(lane) = &mut self.lane else {
            return Sent::Closed(message);
        };
        if lane.is_stopped() || lane.has_ended() {
            return Sent::Closed(message);
        }
        match offer(lane, &message, wait.deadline()) {
            Ok(true) => {
                lane.forget_step();
                if lane.is_due() {
                    lane.commit();
                }
                Sent::Done
            }
            Ok(false) => Sent::Full(message),
            Err(failure) => {
                if !failure.is_stopped() {
                    self.run.fail(Error::new(failure.kind(), failure));
                }
                Sent::Closed(message)
            }
        }
    }

    fn flush(&mut self) {
        if let Some(lane) = &mut self.lane {
            lane.publish();
        }
    }

    fn mark(&mut self) {
        let marks = self.run.map.marks().fetch_add(1, Ordering::AcqRel) + 1;
        if let Some(lane) = &mut self.lane {
            lane.pass_mark(u64::from(marks));
        }
    }

    fn close(&mut self) {
        if let Some(lane) = &mut self.lane
            && !lane.has_ended()
        {
            lane.end();
        }
    }
}

pub(super) struct Receiver<Out> {
    pub(super) run: Arc<Run>,
    /// Without an open end there is none.
    pub(super) lane: Option<Lane>,
    pub(super) patience: Patience,
    /// Marks that have come out of the open end, but perhaps not of all sinks.
    pub(super) marked: u64,
    /// Marks that have been reported.
    pub(super) drained: u64,
    pub(super) ended: bool,
    pub(super) of: PhantomData<fn() -> Out>,
}

impl<Out: Message> RecvEnd<Out> for Receiver<Out> {
    fn recv(&mut self, wait: Wait) -> Received<Out> {
        let deadline = wait.deadline();
        while !self.ended && self.marked == self.drained {
            let Some(lane) = &mut self.lane else {
                return self.wait_for_sinks(deadline);
            };
            match lane.input(deadline) {
                Ok(Some(Ready::Run(_))) => match take::<Out>(lane) {
                    Ok(message) => return Received::Message(message),
                    Err(failure) => return self.failed(failure),
                },
                Ok(Some(Ready::Tombstone)) => {
                    if let Err(failure) = lane.pass_tombstone::<Out>() {
                        return self.failed(failure);
                    }
                }
                Ok(Some(Ready::Surplus { messages, ring })) => {
                    if let Err(failure) = lane.drop_surplus::<Out>(messages, ring) {
                        return self.failed(failure);
                    }
                }
                Ok(Some(Ready::Flush(epoch))) => {
                    lane.pass_mark(epoch);
                    self.marked = epoch;
                }
                Ok(Some(Ready::Ended)) => {
                    lane.end();
                    self.ended = true;
                }
                Ok(Some(Ready::Empty | Ready::Damaged(_))) => {}
                Ok(None) => return Received::Empty,
                Err(failure) => return self.failed(failure),
            }
        }
        self.wait_for_sinks(deadline)
    }

    fn is_stuck(&mut self, _: bool) -> bool {
        let Some(lane) = &mut self.lane else { return false };
        lane.publish();
        lane.rouse_writers();
        lane.has_input() && self.run.nothing_moves()
    }
}

impl<In: Message, Out: Message> Either<Sender<In>> for Receiver<Out> {
    fn wait_for_either(&mut self, head: &mut Sender<In>) {
        match (&mut head.lane, &mut self.lane) {
            (Some(head), Some(end)) => Lane::wait_for_either(head, end),
            // nothing comes out here before the head is closed, but its end wakes the head too
            (Some(head), None) => {
                // when the run is being stopped, the next call says so
                let _ = head.wait_for_room(Reason::AnyRoom, |writer| writer.room() > 0, None);
            }
            (None, _) => {}
        }
    }
}

impl<Out> Receiver<Out> {
    /// What comes out cannot be read, or the run is being stopped.
    fn failed(&self, failure: Failure) -> Received<Out> {
        if !failure.is_stopped() {
            self.run.fail(Error::new(failure.kind(), failure));
        }
        Received::Ended
    }

    /// The open end has done its part: the sinks have to do theirs.
    fn wait_for_sinks(&mut self, deadline: Option<Instant>) -> Received<Out> {
        let Receiver { run, patience, marked, drained, lane, ended, .. } = self;
        let asked = u64::from(run.map.marks().load(Ordering::Acquire));
        let open_end = lane.is_some();
        let temper = &mut Temper::new(*patience);
        let state = run.map.audience().wait(Reason::Input, temper, deadline, &Futex, || {
            if run.map.stop().load(Ordering::Relaxed) != 0 {
                return Some(Received::Ended);
            }
            if run.sinks().all(|sink| sink.ended) && (*ended || !open_end) {
                return Some(Received::Ended);
            }
            let passed = run.sinks().filter(|sink| !sink.ended).map(|sink| sink.epoch);
            let passed = passed.min().unwrap_or(u64::MAX).min(if open_end { *marked } else { asked });
            (passed > *drained).then(|| {
                *drained = passed;
                Received::Drained
            })
        });
        if let Some(Received::Drained) = state {
            self.marked = self.marked.max(self.drained);
        }
        state.unwrap_or(Received::Empty)
    }
}

/// Takes the first message of the run at hand.
fn take<Out: Message>(lane: &mut Lane) -> Result<Out, Failure> {
    let mut parts = Vec::new();
    // SAFETY: the message is read before it is taken, and the span is not used after that.
    let message = Out::read(unsafe { lane.span(1, &mut parts) }, 0)?;
    lane.take(1);
    if lane.is_due() {
        lane.commit();
    }
    Ok(message)
}
