//! The serial context: everything happens in the thread that starts the run, one message after the other, inside the
//! calls of `send` and `recv`. So what comes out is the same every time.
//!
//! Processors need not be `Send`: so they stay in that thread (see `seat`). From another thread the open head can be
//! used, but not the open end.

mod machine;
mod seat;

use super::local::{End, Head, Run, Script, assemble};
use super::{Control, Declared, Either, Engine, Received, RecvEnd, SendEnd, Sent, Wait};
use crate::graph::plan::{self, Fusing, Limits};
use crate::report::Report;
use crate::{Error, ErrorKind, Message};
use crossbeam_channel::Select;
use machine::Machine;
use seat::Seat;
use std::sync::Arc;
use std::time::Instant;

/// Starts a run. Constructors run when something is first asked of it.
///
/// # Errors
/// When the settings make no sense.
pub(crate) fn start<In: Message, Out: Message>(
    declared: &Declared,
    limits: Limits,
) -> Result<Engine<In, Out>, Error> {
    let script = Script::of(declared)?;
    let plan = plan::build(declared.table, &declared.settings, Limits { fusing: Fusing::Rows, ..limits })?;
    plan.without_processes("serial")?;
    let run = Arc::new(Run::new(plan, limits.cores, true));
    let mut assembly = assemble(&run, &script.facts, false);
    let (head, end) = (Head::new(&run, &mut assembly), End::new(&run, &mut assembly));
    let seat = Arc::new(Seat::take(Machine::new(run.clone(), script, assembly.orders)));
    let head: SerialHead<In> = SerialHead { head, seat: seat.clone() };
    let end: SerialEnd<Out> = SerialEnd { end, run: run.clone(), seat: seat.clone() };
    Ok(Engine::new(head, end, Arc::new(Caller { run, seat })))
}

/// Who does not want to wait moves everything so often at most: a source that has no end would keep him for ever.
const SWEEPS_MAX: u32 = 64;

struct SerialHead<In> {
    head: Head<In>,
    seat: Arc<Seat>,
}

impl<In: Send> SendEnd<In> for SerialHead<In> {
    fn send(&mut self, message: In, wait: Wait) -> Sent<In> {
        let mut message = message;
        loop {
            message = match self.head.send(message, Wait::No) {
                Sent::Full(message) => message,
                sent => return sent,
            };
            self.head.flush();
            match self.seat.with(Machine::sweep) {
                Some(true) => {}
                // nobody else moves anything
                Some(false) => return Sent::Full(message),
                None => return self.head.send(message, wait),
            }
        }
    }

    fn flush(&mut self) {
        self.head.flush();
    }

    fn mark(&mut self) {
        self.head.mark();
    }

    fn close(&mut self) {
        self.head.close();
    }
}

struct SerialEnd<Out> {
    end: End<Out>,
    run: Arc<Run>,
    seat: Arc<Seat>,
}

impl<Out: 'static> RecvEnd<Out> for SerialEnd<Out> {
    fn recv(&mut self, wait: Wait) -> Received<Out> {
        let mut sweeps = 0;
        loop {
            let received = self.end.poll();
            if !matches!(received, Received::Empty) {
                return received;
            }
            let moved = self.seat.with(Machine::sweep);
            sweeps += 1;
            let in_time = match wait {
                Wait::No => sweeps < SWEEPS_MAX,
                Wait::Until(deadline) => Instant::now() < deadline,
                Wait::Forever => true,
            };
            match (moved, wait) {
                (None, _) => self.run.fail(elsewhere()),
                (Some(true), _) if in_time => {}
                (_, Wait::No) => return self.end.poll(),
                _ if !in_time => return self.end.poll(),
                _ => self.wait_for_head(wait),
            }
        }
    }

    fn is_stuck(&mut self, _: bool) -> bool {
        self.end.rest(); // the writers know of what has been taken
        match self.seat.with(Machine::sweep) {
            Some(moved) => !moved,
            None => {
                self.run.fail(elsewhere());
                false
            }
        }
    }

    #[cfg(feature = "async")]
    fn stays_here(&self) -> bool {
        true
    }
}

impl<Out: 'static> SerialEnd<Out> {
    /// Nothing moves: only what another thread sends can change that.
    fn wait_for_head(&mut self, wait: Wait) {
        let end = &self.end;
        self.seat.with(|machine| {
            let mut select = Select::new();
            end.watch(&mut select);
            machine.watch(&mut select);
            match wait {
                // that the time is over is for the caller to find
                Wait::Until(deadline) => drop(select.ready_deadline(deadline)),
                Wait::No | Wait::Forever => drop(select.ready()),
            }
        });
    }
}

impl<In, Out: 'static> Either<SerialHead<In>> for SerialEnd<Out> {
    /// Both ends move the machine themselves, as far as it goes.
    fn wait_for_either(&mut self, _: &mut SerialHead<In>) {}
}

#[cold]
fn elsewhere() -> Error {
    Error::new(
        ErrorKind::Start,
        "the serial context runs its processors in the thread that has started it, and only there its outputs can be \
         received: receive them there, or use the threads context",
    )
}

/// The run as a whole.
struct Caller {
    run: Arc<Run>,
    seat: Arc<Seat>,
}

impl Control for Caller {
    fn stop(&self) {
        self.run.stop();
    }

    fn wind_down(&self) {
        self.run.halt.wind_down();
    }

    /// Nobody else works: so what has not ended by now ends as it is.
    fn join(&self) -> Result<(), Error> {
        self.run.stop();
        self.seat.leave();
        self.run.over();
        self.error().map_or(Ok(()), Err)
    }

    fn error(&self) -> Option<Error> {
        self.run.error()
    }

    fn report(&self) -> Report {
        self.run.report()
    }
}
