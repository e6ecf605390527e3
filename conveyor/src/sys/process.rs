//! Worker processes: started, watched, ended and reaped by a descriptor that can never mean another process.

use super::death::Death;
use super::executable;
use super::hook::VARIABLE;
use super::order::{self, Address, Order};
use super::segment::Segment;
use crate::{Error, ErrorKind};
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};
use std::ffi::OsString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};

/// A worker process that has not been reaped.
pub(crate) struct Process {
    pid: u32,
    handle: OwnedFd,
}

/// Why a process was not started.
#[derive(Debug)]
pub(crate) struct NotStarted {
    pub(crate) error: Error,
    /// The system has no room for one more just now; a moment later it may have.
    pub(crate) may_pass: bool,
}

impl From<Error> for NotStarted {
    fn from(error: Error) -> NotStarted {
        NotStarted { error, may_pass: false }
    }
}

/// What every worker of a run is started with, whatever the program changes meanwhile: its arguments, environment
/// and directory.
pub(crate) struct Surroundings {
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    directory: Option<PathBuf>,
}

impl Surroundings {
    /// As they are now.
    pub(crate) fn now() -> Surroundings {
        Surroundings {
            arguments: std::env::args_os().collect(),
            environment: std::env::vars_os().collect(),
            directory: std::env::current_dir().ok(),
        }
    }

    /// Starts a worker. It ends with the calling thread, so that thread has to live as long as the run.
    pub(crate) fn start(
        &self,
        order: &Order,
        segment: &Segment,
    ) -> Result<(Process, ChildStderr), NotStarted> {
        let failed = |error: &std::io::Error| could_not_start(order, error);
        let file = executable::file().map_err(|error| failed(&error))?;
        let (ticket, stdin) = segment.hand_over(order.claims_stdin).map_err(|error| failed(&error))?;
        let text = order::write(order, &Address { file, parent: std::process::id() }, &ticket)?;
        let mut command = Command::new(executable::path().map_err(|error| failed(&error))?);
        if let [name, arguments @ ..] = self.arguments.as_slice() {
            command.arg0(name).args(arguments);
        }
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.env(VARIABLE, text).stdin(stdin).stderr(Stdio::piped());
        if let Some(directory) = &self.directory
            // one that is gone by now can still be inherited
            && std::env::current_dir().is_ok_and(|current| current != *directory)
        {
            command.current_dir(directory);
        }
        let mut child = command.spawn().map_err(|error| failed(&error))?;
        let stderr = child.stderr.take().expect("it was asked to be piped");
        match pidfd_open(Pid::from_child(&child), PidfdFlags::empty()).or_else(gone) {
            Ok(handle) => Ok((Process { pid: child.id(), handle }, stderr)),
            Err(error) => {
                // Not watched, so it must not live. Both fail if it has ended and somebody else has reaped it.
                let _ = child.kill();
                let _ = child.wait();
                Err(failed(&error.into()))
            }
        }
    }
}

impl Process {
    /// Its number, for people.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends it, in whatever state it is.
    pub(crate) fn kill(&self) {
        // It fails only if the process has ended.
        let _ = pidfd_send_signal(&self.handle, Signal::KILL);
    }

    /// Waits until it has ended, and removes it from the system.
    pub(crate) fn reap(self) -> Death {
        loop {
            match waitid(WaitId::PidFd(self.handle.as_fd()), WaitIdOptions::EXITED) {
                Ok(Some(status)) => return Death::from_status(&status),
                Err(Errno::INTR) => {}
                // ECHILD: somebody else has reaped it.
                Ok(None) | Err(_) => return Death::Unknown,
            }
        }
    }
}

impl AsFd for Process {
    /// Readable as soon as the process has ended.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.handle.as_fd()
    }
}

/// A process that has ended and was reaped by somebody else before it could be watched. What stands for it says that it
/// has ended, and nothing else can be learnt from it.
fn gone(error: Errno) -> rustix::io::Result<OwnedFd> {
    match error {
        Errno::SRCH => eventfd(1, EventfdFlags::CLOEXEC),
        error => Err(error),
    }
}

fn could_not_start(order: &Order, error: &std::io::Error) -> NotStarted {
    let number = Errno::from_io_error(error);
    let may_pass = matches!(number, Some(Errno::AGAIN | Errno::MFILE | Errno::NFILE | Errno::NOMEM));
    let advice = match number {
        Some(Errno::AGAIN) => {
            ": too many processes; raise the limit (`ulimit -u`, `pids.max` of the control group) or lower the \
             pipeline's width"
        }
        Some(Errno::MFILE | Errno::NFILE) => {
            ": too many open files; raise the limit (`ulimit -n`) or lower the pipeline's width"
        }
        Some(Errno::NOMEM) => ": not enough memory for another process",
        Some(Errno::NOSYS | Errno::PERM) => {
            ": this system does not let processes be watched (Linux 5.4 or later is needed, and a sandbox must allow \
             pidfd_open); use Context::Threads"
        }
        Some(Errno::NOENT) if !Path::new("/proc/self").exists() => {
            ": /proc is not there, and a worker is found by it; mount it, or use Context::Threads"
        }
        _ => "",
    };
    let error =
        Error::new(ErrorKind::Start, format_args!("its process could not be started: {error}{advice}"))
            .in_processor(&order.name)
            .in_lane(order.lane, order.lanes);
    NotStarted { error, may_pass }
}
