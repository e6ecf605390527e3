//! A terminal with a program on it: a test of this binary, started again.

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Signal, ioctl_tiocsctty, setsid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, tcgetattr};
use std::fs::File;
use std::io::{PipeReader, Read, Write, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};

unsafe extern "C" {
    fn signal(number: i32, handler: usize) -> usize;
}
const SIG_DFL: usize = 0;

/// The program is killed when this is dropped.
pub(super) struct Terminal {
    program: Child,
    /// Ends when the program and all its workers are gone: each has the other end.
    alive: PipeReader,
    /// None once it was hung up.
    master: Option<File>,
    text: String,
    /// How the terminal was set up before.
    before: Termios,
}

impl Terminal {
    /// Runs the test with this name on a terminal, with these variables.
    pub(super) fn of(test: &str, variables: &[(&str, &str)]) -> Terminal {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("there are some");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("it has a name").into_string().expect("in ASCII");
        let slave = File::options().read(true).write(true).open(name).expect("it is ours");
        let slave = || OwnedFd::from(slave.try_clone().expect("there are descriptors"));
        let (alive, theirs) = pipe().expect("there are descriptors");
        let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
        command.args(["--exact", test, "--nocapture"]).envs(variables.iter().copied());
        command.stdin(slave()).stdout(slave()).stderr(slave());
        // SAFETY: four system calls.
        unsafe {
            command.pre_exec(move || {
                signal(Signal::INT.as_raw(), SIG_DFL); // a shell's background jobs ignore it, and so would this one
                setsid()?;
                ioctl_tiocsctty(rustix::stdio::stdin())?;
                fcntl_setfd(theirs.as_fd(), FdFlags::empty())?;
                Ok(())
            });
        }
        let program = command.spawn().expect("it can be started");
        let before = tcgetattr(&master).expect("it is a terminal");
        Terminal { program, alive, master: Some(File::from(master)), text: String::new(), before }
    }

    pub(super) fn pid(&self) -> u32 {
        self.program.id()
    }

    fn master(&mut self) -> &mut File {
        self.master.as_mut().expect("it was not hung up")
    }

    /// Reads something; false when nobody holds the terminal any more.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        // EIO when the last one has closed it
        let len = self.master().read(&mut bytes).unwrap_or(0);
        self.text.push_str(&String::from_utf8_lossy(&bytes[..len]));
        len > 0
    }

    pub(super) fn wait_for(&mut self, what: &str) {
        while !self.text.contains(what) {
            assert!(self.read(), "everybody is gone: {}", self.text);
        }
    }

    pub(super) fn ctrl_c(&mut self) {
        self.master().write_all(b"\x03").expect("somebody is there");
    }

    /// The same; the program has got the signal when this returns. What was written before that may be lost, as terminals
    /// do it.
    pub(super) fn ctrl_c_that_arrives(&mut self) {
        self.ctrl_c();
        self.wait_for("^C");
    }

    /// Its window is closed: how the program has ended then. No worker is left when this returns.
    pub(super) fn hang_up(mut self) -> ExitStatus {
        self.master = None;
        self.nobody_is_left()
    }

    /// How the program has ended, and what was written. No worker is left when this returns.
    pub(super) fn end(mut self) -> (ExitStatus, String) {
        while self.read() {}
        let status = self.nobody_is_left();
        let after = tcgetattr(self.master()).expect("it is a terminal");
        assert_eq!(format!("{after:?}"), format!("{:?}", self.before), "the terminal is as it was");
        (status, std::mem::take(&mut self.text))
    }

    fn nobody_is_left(&mut self) -> ExitStatus {
        assert_eq!(self.alive.read(&mut [0]).expect("it is a pipe"), 0, "nobody writes there");
        self.program.wait().expect("it is our child")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // both fail if it has ended
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
