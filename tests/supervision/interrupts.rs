//! Ctrl-C in a terminal, for a program that has asked for it: here it is this test, started again on a terminal of its own.

use super::victim::send;
use conveyor::{Pipeline, Result, Sink, pipeline};
use rustix::process::{Signal, ioctl_tiocsctty, setsid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, tcgetattr};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};

/// What the program does.
const VARIABLE: &str = "CONVEYOR_TEST_INTERRUPTED";

/// Takes numbers from 0 on, and says so at the first and at the end.
struct Numbers {
    next: u64,
    hangs: bool,
}

impl Sink for Numbers {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        assert_eq!(x, self.next, "none is lost and none comes twice");
        self.next += 1;
        if x == 0 {
            println!("at work");
        }
        if self.hangs {
            loop {
                std::thread::park();
            }
        }
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        println!("finished");
        Ok(())
    }
}

fn endless(hangs: bool) -> Pipeline<(), ()> {
    let endless = pipeline! {
        <() -> ()>(hangs: bool = hangs);
        source(0..u64::MAX) -> pipe -> processor(|x| x) -> pipe -> sink(Numbers { next: 0, hangs: *hangs })
    };
    endless.handle_ctrl_c()
}

fn endless_inputs() -> Pipeline<u64, ()> {
    let endless =
        pipeline! { <u64 -> ()>; processor(|x| x) -> pipe -> sink(Numbers { next: 0, hangs: false }) };
    endless.handle_ctrl_c()
}

#[test]
fn the_program() {
    let Ok(what) = std::env::var(VARIABLE) else { return };
    let report = match &*what {
        "inputs" => endless_inputs().run_to_end(0..),
        "hangs" => {
            let running = endless(true).start().expect("it starts");
            while running.metrics().interrupted().is_none() {
                std::thread::yield_now();
            }
            println!("winding down");
            loop {
                std::thread::park();
            }
        }
        _ => endless(false).run_to_end(()),
    };
    let signal = report.expect("winding down is no failure").interrupted().expect("it was interrupted");
    if what == "dies" {
        // what the program does about signals is its own business again
        send(std::process::id(), Signal::INT);
    }
    std::process::exit(128 + signal);
}

/// The program on its terminal.
struct Terminal {
    program: Child,
    master: File,
    text: String,
    /// How the terminal was set up before.
    before: Termios,
}

impl Terminal {
    fn of(what: &str, context: &str) -> Terminal {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("there are some");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("it has a name").into_string().expect("in ASCII");
        let slave = File::options().read(true).write(true).open(name).expect("it is ours");
        let slave = || OwnedFd::from(slave.try_clone().expect("there are descriptors"));
        let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
        command.args(["--exact", "supervision::interrupts::the_program", "--nocapture"]);
        command.env(VARIABLE, what).env("CONVEYOR_CONTEXT", context);
        command.stdin(slave()).stdout(slave()).stderr(slave());
        // SAFETY: two system calls.
        unsafe {
            command.pre_exec(|| {
                setsid()?;
                ioctl_tiocsctty(rustix::stdio::stdin())?;
                Ok(())
            });
        }
        let program = command.spawn().expect("it can be started");
        let before = tcgetattr(&master).expect("it is a terminal");
        Terminal { program, master: File::from(master), text: String::new(), before }
    }

    fn wait_for(&mut self, what: &str) {
        while !self.text.contains(what) {
            let mut bytes = [0; 4096];
            let len = self.master.read(&mut bytes).unwrap_or(0);
            assert!(len > 0, "everybody is gone: {}", self.text);
            self.text.push_str(&String::from_utf8_lossy(&bytes[..len]));
        }
    }

    fn ctrl_c(&mut self) {
        self.master.write_all(b"\x03").expect("somebody is there");
    }

    /// How the program has ended, once nobody holds its terminal any more, neither a worker.
    fn end(mut self) -> (ExitStatus, String) {
        let after = tcgetattr(&self.master).expect("it is a terminal");
        assert_eq!(format!("{after:?}"), format!("{:?}", self.before), "the terminal is as it was");
        // EIO when the last one has closed it
        let mut bytes = [0; 4096];
        while let Ok(len @ 1..) = self.master.read(&mut bytes) {
            self.text.push_str(&String::from_utf8_lossy(&bytes[..len]));
        }
        (self.program.wait().expect("it is our child"), self.text)
    }
}

const CONTEXTS: [&str; 3] = ["processes", "threads", "serial"];

#[test]
fn once_lets_everything_come_out() {
    for context in CONTEXTS {
        for what in ["sources", "inputs"] {
            let mut terminal = Terminal::of(what, context);
            terminal.wait_for("at work");
            terminal.ctrl_c();
            let (status, text) = terminal.end();
            assert_eq!(status.code(), Some(130), "{what} in {context}: {text}");
            assert_eq!(text.matches("finished").count(), 1, "{what} in {context}: {text}");
        }
    }
}

#[test]
fn twice_ends_the_program_by_the_signal() {
    let mut terminal = Terminal::of("hangs", "processes");
    terminal.wait_for("at work");
    terminal.ctrl_c();
    terminal.wait_for("winding down");
    terminal.ctrl_c();
    let (status, text) = terminal.end();
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{text}");
    assert!(!text.contains("finished"), "{text}");
}

#[test]
fn a_request_to_terminate_does_the_same() {
    let mut terminal = Terminal::of("sources", "processes");
    terminal.wait_for("at work");
    send(terminal.program.id(), Signal::TERM);
    let (status, text) = terminal.end();
    assert_eq!(status.code(), Some(143), "{text}");
    assert_eq!(text.matches("finished").count(), 1, "{text}");
}

#[test]
fn afterwards_signals_are_the_programs_again() {
    let mut terminal = Terminal::of("dies", "processes");
    terminal.wait_for("at work");
    terminal.ctrl_c();
    let (status, text) = terminal.end();
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{text}");
    assert_eq!(text.matches("finished").count(), 1, "{text}");
}
