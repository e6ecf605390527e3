//! How a worker process has ended.

use rustix::process::WaitIdStatus;
use std::fmt;

/// How a worker process has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// With exit code 0.
    Clean,
    /// With another exit code.
    Exit(i32),
    /// By a signal.
    Signal {
        /// As in `signal(7)`.
        number: i32,
        /// Whether it has left a core dump.
        core_dumped: bool,
    },
    /// By the supervisor, which had been told to end the run.
    Killed,
    /// Somebody else has taken its status: the program ignores SIGCHLD or waits for every child.
    Unknown,
}

/// Exit codes of a worker that cannot even begin. Its stderr says more.
pub(crate) mod exit {
    /// The program's file is not the one that started the run.
    pub(crate) const REPLACED: i32 = 240;
    /// What the worker was told makes no sense.
    pub(crate) const DAMAGED: i32 = 241;
    /// The program that started the run has ended meanwhile.
    pub(crate) const ORPHANED: i32 = 242;
    /// Shared memory or a thread could not be had.
    pub(crate) const UNABLE: i32 = 243;
    /// What Rust programs end with after a panic.
    pub(crate) const PANICKED: i32 = 101;
}

impl Death {
    pub(crate) fn from_status(status: &WaitIdStatus) -> Death {
        match (status.exit_status(), status.terminating_signal()) {
            (Some(0), _) => Death::Clean,
            (Some(code), _) => Death::Exit(code),
            (None, Some(number)) => Death::Signal { number, core_dumped: status.dumped() },
            (None, None) => Death::Unknown,
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Death::Clean => f.write_str("ended with exit code 0"),
            Death::Exit(code) => {
                write!(f, "ended with exit code {code}")?;
                match code {
                    exit::REPLACED => f.write_str(" (the program's file was replaced while it ran)"),
                    exit::DAMAGED => f.write_str(" (the worker could not read what it was to do)"),
                    exit::ORPHANED => f.write_str(" (the worker had lost the program that started it)"),
                    exit::UNABLE => f.write_str(" (the worker could not get memory or a thread)"),
                    exit::PANICKED => f.write_str(" (a panic)"),
                    _ => Ok(()),
                }
            }
            Death::Signal { number, core_dumped } => {
                match signal_name(number) {
                    Some(name) => write!(f, "was ended by {name} ({number})")?,
                    None => write!(f, "was ended by signal {number}")?,
                }
                match number {
                    libc::SIGKILL => f.write_str(" (by hand, or because memory ran out)")?,
                    libc::SIGSEGV => f.write_str(" (a bad address, or the stack ran out)")?,
                    libc::SIGABRT => f.write_str(" (an abort: a second panic, or memory ran out)")?,
                    _ => {}
                }
                if core_dumped { f.write_str(", core dumped") } else { Ok(()) }
            }
            Death::Killed => f.write_str("was ended with the run"),
            Death::Unknown => f.write_str(
                "died, status unknown (the program ignores SIGCHLD or waits for every child, so the system does not \
                 tell)",
            ),
        }
    }
}

fn signal_name(number: i32) -> Option<&'static str> {
    let name = match number {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGSYS => "SIGSYS",
        _ => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_their_names() {
        let text = |number| Death::Signal { number, core_dumped: number == 11 }.to_string();
        assert_eq!(text(11), "was ended by SIGSEGV (11) (a bad address, or the stack ran out), core dumped");
        assert_eq!(text(9), "was ended by SIGKILL (9) (by hand, or because memory ran out)");
        assert_eq!(text(40), "was ended by signal 40");
        assert_eq!(Death::Exit(3).to_string(), "ended with exit code 3");
    }
}
