//! Ctrl-C, if a run is to handle it: once the run winds down, twice the program ends.

use crate::context::Control;
use crate::report::Report;
use crate::sys::interrupt::{self, Interrupts};
use crate::sys::{futex, signals};
use crate::{Error, ErrorKind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{Builder, JoinHandle};

/// A run that is told of Ctrl-C, until it is over.
struct Attended {
    run: Arc<dyn Control>,
    attendant: Mutex<Option<Attendant>>,
    /// The signal that had come when the run was over.
    signal: OnceLock<Option<i32>>,
}

struct Attendant {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    interrupts: Interrupts,
    /// Not 0 once the run is over.
    done: AtomicU32,
}

/// Takes note of Ctrl-C, before a run is started.
pub(super) struct Attention(Interrupts);

impl Attention {
    pub(super) fn now() -> Attention {
        Attention(Interrupts::attend())
    }

    /// The run has been started.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub(super) fn to(self, control: Arc<dyn Control>) -> Result<Arc<dyn Control>, Error> {
        let shared = Arc::new(Shared { interrupts: self.0, done: AtomicU32::new(0) });
        let (theirs, run) = (shared.clone(), control.clone());
        let thread = Builder::new().name("conveyor signals".to_owned()).spawn(move || {
            signals::hold_back();
            theirs.attend(&*control);
        });
        let thread = thread.map_err(|error| {
            Error::new(
                ErrorKind::Start,
                format_args!("the thread that waits for Ctrl-C could not be started: {error}"),
            )
        })?;
        let attendant = Mutex::new(Some(Attendant { shared, thread: Some(thread) }));
        Ok(Arc::new(Attended { run, attendant, signal: OnceLock::new() }))
    }
}

impl Shared {
    fn attend(&self, control: &dyn Control) {
        let mut seen = 0;
        while self.done.load(Ordering::Acquire) == 0 {
            let (count, signal) = self.interrupts.so_far();
            if seen == 0 && count > 0 {
                control.wind_down();
            }
            if count > 1 {
                interrupt::end_by(signal);
            }
            seen = count;
            self.interrupts.wait(seen, &self.done);
        }
    }
}

impl Attended {
    /// A panic while it is held leaves it as it was.
    fn attendant(&self) -> MutexGuard<'_, Option<Attendant>> {
        self.attendant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Control for Attended {
    fn stop(&self) {
        self.run.stop();
    }

    fn wind_down(&self) {
        self.run.wind_down();
    }

    /// The next Ctrl-C is the program's business again.
    fn join(&self) -> Result<(), Error> {
        let outcome = self.run.join();
        if let Some(attendant) = self.attendant().take() {
            self.signal.get_or_init(|| attendant.signal());
        }
        outcome
    }

    fn error(&self) -> Option<Error> {
        self.run.error()
    }

    fn report(&self) -> Report {
        let now = || self.attendant().as_ref().and_then(Attendant::signal);
        let interrupted = self.signal.get().copied().unwrap_or_else(now);
        Report { interrupted, ..self.run.report() }
    }
}

impl Attendant {
    /// The signal that has come, if one has.
    fn signal(&self) -> Option<i32> {
        let (count, signal) = self.shared.interrupts.so_far();
        (count > 0).then_some(signal)
    }
}

impl Drop for Attendant {
    fn drop(&mut self) {
        self.shared.done.store(1, Ordering::Release);
        futex::wake_all(&self.shared.done);
        if let Some(thread) = self.thread.take() {
            // no user code runs there
            let _ = thread.join();
        }
    }
}
