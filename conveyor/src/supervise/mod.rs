//! One thread per run that starts the workers, watches them, and leaves none behind.
//!
//! Invariants: every worker is started by that thread, which lives as long as the run, for a worker ends with the
//! thread that started it. A death is reported only after it was reaped. Nothing here depends on what is in shared
//! memory.

mod bell;
mod fleet;
mod intensity;
mod relay;

pub(crate) use intensity::{Intensity, Loss};

use crate::sys::death::Death;
use crate::sys::order::{Order, Suspect};
use crate::sys::segment::Segment;
use crate::sys::{hook, signals};
use crate::{Error, ErrorKind};
use bell::Bell;
use fleet::Fleet;
use relay::Relay;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// What happens to the run after a death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The others go on.
    GoOn,
    /// Another worker gets the same order, with what is to be said of the death. Not once the workers are being killed.
    Replace(Option<Suspect>),
    /// The others are killed.
    EndRun,
}

/// What a look at the workers has found.
#[derive(Debug, Default)]
pub(crate) struct Look {
    /// The orders whose workers hang: they are killed.
    pub(crate) overdue: Vec<usize>,
    /// When to look again; `None`: only after the next event.
    pub(crate) again_in: Option<Duration>,
}

/// Is told of every worker, on the supervisor's thread.
pub(crate) trait Watch: Send {
    /// A worker of order `job` has been started.
    fn started(&mut self, job: usize, pid: u32);

    /// Looks whether workers hang. It is asked after every event, and when the time that it has given has passed.
    fn look(&mut self) -> Look;

    /// The worker of order `job` was to be replaced, and could not be; or it cannot be watched any more. All are killed.
    fn lost(&mut self, job: usize, error: Error);

    /// The worker of order `job` has ended and been reaped. Who was killed by the supervisor ends as
    /// [`Death::Killed`], so the first of the others is the cause.
    fn ended(&mut self, job: usize, death: Death) -> Verdict;

    /// No worker is left, and what they wrote to stderr has been passed on.
    fn all_gone(&mut self);
}

/// The workers of a run, in the caller's hands. Dropping it kills and reaps them.
pub(crate) struct Supervisor {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Starts a worker for each order. When one cannot be started, those before it are gone when this returns.
    pub(crate) fn start(
        orders: Vec<Order>,
        segment: Arc<Segment>,
        mut watch: Box<dyn Watch>,
    ) -> Result<Supervisor, Error> {
        hook::refuse_if_unconsumed()?;
        let bell = Arc::new(Bell::new()?);
        let (started, outcome) = mpsc::sync_channel(1);
        let kill = Arc::clone(&bell);
        let thread = Builder::new()
            .name("conveyor supervisor".to_owned())
            .spawn(move || {
                signals::hold_back();
                let relay = Relay::new();
                let fleet = relay.and_then(|relay| Fleet::start(orders, segment, relay, &mut *watch));
                match fleet {
                    Ok(fleet) => {
                        // The caller waits for it.
                        let _ = started.send(Ok(()));
                        fleet.watch(&kill, watch);
                    }
                    Err(error) => drop(started.send(Err(error))),
                }
            })
            .map_err(|error| no_thread(&error))?;
        let supervisor = Supervisor { bell, thread: Some(thread) };
        outcome.recv().map_err(|_| no_thread(&std::io::Error::other("it has panicked")))??;
        Ok(supervisor)
    }

    /// Kills every worker; does not wait.
    pub(crate) fn kill_all(&self) {
        self.bell.ring();
    }

    /// Waits until no worker is left.
    pub(crate) fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the supervisor has been shown already, and it has killed and reaped on its way.
            let _ = thread.join();
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.kill_all();
        self.join();
    }
}

#[cold]
fn no_thread(why: &std::io::Error) -> Error {
    let advice = match why.kind() {
        std::io::ErrorKind::WouldBlock => {
            ": too many processes and threads; raise the limit (`ulimit -u`, `pids.max` of the control group)"
        }
        _ => "",
    };
    let text = format_args!("the thread that watches the workers could not be started: {why}{advice}");
    Error::new(ErrorKind::Start, text)
}
#[cfg(all(test, not(loom)))]
mod tests;
