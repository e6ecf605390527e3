//! Ctrl-C in a terminal, for a program that has asked for it and for one that has not, and a terminal that is closed: here
//! the program is this test, started again on a terminal of its own.

use super::terminal::Terminal;
use super::victim::{PLACE, send};
use crate::harness::{Scratch, watched};
use conveyor::{Pipeline, Result, Running, Sink, pipeline};
use rustix::process::Signal;
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

/// What the program does.
const VARIABLE: &str = "CONVEYOR_TEST_INTERRUPTED";
/// A file that it waits for.
const GO: &str = "CONVEYOR_TEST_GO";

/// Says what it is about to do, and does it when the test has made the file.
fn say_and_wait(what: &str) {
    println!("{what}");
    let go = std::env::var_os(GO).expect("the test has said which file");
    while !Path::new(&go).exists() {
        std::thread::yield_now();
    }
}

/// What a sink does at its first message.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    GoesOn,
    Hangs,
}

/// Takes numbers from 0 on, and says so at the first and at the end.
struct Numbers {
    next: u64,
    then: Then,
}

impl Numbers {
    fn and(then: Then) -> Numbers {
        Numbers { next: 0, then }
    }

    /// Takes its time.
    fn slowly_made() -> Numbers {
        say_and_wait("being made");
        Numbers::and(Then::GoesOn)
    }
}

impl Sink for Numbers {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        assert_eq!(x, self.next, "none is lost and none comes twice");
        self.next += 1;
        if x == 0 {
            println!("at work");
        }
        if self.then == Then::Hangs {
            loop {
                std::thread::park();
            }
        }
        Ok(())
    }
    fn flush(&mut self) -> Result<()> {
        say_and_wait("flushing");
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        println!("finished");
        Ok(())
    }
}

fn endless(hangs: bool) -> Pipeline<(), ()> {
    pipeline! {
        <() -> ()>(hangs: bool = hangs);
        source(0..u64::MAX) -> pipe -> processor(|x| x) -> pipe
            -> sink(Numbers::and(if *hangs { Then::Hangs } else { Then::GoesOn }))
    }
}

fn slowly_made() -> Pipeline<(), ()> {
    pipeline! { <() -> ()>; source(0..u64::MAX) -> pipe -> sink(Numbers::slowly_made()) }
}

fn endless_inputs() -> Pipeline<u64, ()> {
    pipeline! { <u64 -> ()>; processor(|x| x) -> pipe -> sink(Numbers::and(Then::GoesOn)) }
}

/// Waits until the first Ctrl-C was heard.
fn hear<In>(running: &Running<In, ()>) {
    while running.metrics().interrupted().is_none() {
        std::thread::yield_now();
    }
}

/// Waits for it, says so, and goes on for ever.
fn wind_down(running: &Running<(), ()>) -> ! {
    hear(running);
    println!("winding down");
    loop {
        std::thread::park();
    }
}

#[test]
fn the_program() {
    let Ok(what) = std::env::var(VARIABLE) else { return };
    let report = match &*what {
        "unasked" => endless(false).run_to_end(()),
        "inputs" => endless_inputs().handle_ctrl_c().run_to_end(0..),
        "hangs" => wind_down(&endless(true).handle_ctrl_c().start().expect("it starts")),
        "is made for ever" => wind_down(&slowly_made().handle_ctrl_c().start().expect("it starts")),
        "is made" => slowly_made().handle_ctrl_c().run_to_end(()),
        "drains" => {
            let mut running = endless_inputs().handle_ctrl_c().start().expect("it starts");
            running.send(0).expect("there is room");
            running.drain().for_each(|output| output.expect("a signal is no failure"));
            println!("drained");
            hear(&running);
            running.finish().map(|(_, report)| report)
        }
        _ => endless(false).handle_ctrl_c().run_to_end(()),
    };
    let signal = report.expect("winding down is no failure").interrupted().expect("it was interrupted");
    if what == "dies" {
        // what the program does about signals is its own business again
        send(std::process::id(), Signal::INT);
    }
    std::process::exit(128 + signal);
}

fn program(what: &str, context: &str, go: &Path) -> Terminal {
    let go = go.to_str().expect("a name in UTF-8");
    let variables = [(VARIABLE, what), ("CONVEYOR_CONTEXT", context), (GO, go)];
    Terminal::of("supervision::interrupts::the_program", &variables)
}

/// The program at work.
fn at_work(what: &str, context: &str) -> Terminal {
    let mut terminal = program(what, context, Path::new("/nowhere"));
    terminal.wait_for("at work");
    terminal
}

/// The program comes to its end by winding down; what it has said.
#[track_caller]
fn winds_down(terminal: Terminal, which: &str) -> String {
    let (status, text) = terminal.end();
    assert_eq!(status.code(), Some(130), "{which}: {text}");
    assert_eq!(text.matches("finished").count(), 1, "{which}: {text}");
    text
}

/// The signal ends the program, in the middle of its stream.
#[track_caller]
fn is_ended(terminal: Terminal, which: &str) {
    let (status, text) = terminal.end();
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{which}: {text}");
    assert!(!text.contains("finished"), "{which}: {text}");
}

/// The program is told to wind down, which it does for ever, and told again.
#[track_caller]
fn is_ended_by_the_second(mut terminal: Terminal) {
    terminal.ctrl_c();
    terminal.wait_for("winding down");
    terminal.ctrl_c();
    is_ended(terminal, "twice");
}

/// The program waits for this file, is told to wind down, and finds it.
#[track_caller]
fn winds_down_from(mut terminal: Terminal, go: &Path, which: &str) -> String {
    terminal.ctrl_c_that_arrives();
    File::create(go).expect("there is room");
    winds_down(terminal, which)
}

const CONTEXTS: [&str; 3] = ["processes", "threads", "serial"];

#[test]
fn once_lets_everything_come_out() {
    watched("once", PLACE, |_| {
        for context in CONTEXTS {
            for what in ["sources", "inputs"] {
                let mut terminal = at_work(what, context);
                terminal.ctrl_c();
                winds_down(terminal, &format!("{what} in {context}"));
            }
        }
    });
}

/// Whoever asks for nothing gets what every program gets.
#[test]
fn unasked_it_ends_the_program() {
    watched("unasked", PLACE, |_| {
        for context in CONTEXTS {
            let mut terminal = at_work("unasked", context);
            terminal.ctrl_c();
            is_ended(terminal, context);
        }
    });
}

#[test]
fn twice_ends_the_program_by_the_signal() {
    watched("twice", PLACE, |_| {
        is_ended_by_the_second(at_work("hangs", "processes"));
    });
}

#[test]
fn while_it_starts_it_is_heard_as_well() {
    watched("while it starts", PLACE, |_| {
        for context in CONTEXTS {
            let scratch = Scratch::new();
            let mut terminal = program("is made", context, &scratch.file("go"));
            terminal.wait_for("being made");
            winds_down_from(terminal, &scratch.file("go"), context);
        }
    });
}

#[test]
fn twice_while_it_starts_ends_the_program_by_the_signal() {
    watched("twice while it starts", PLACE, |_| {
        let mut terminal = program("is made for ever", "processes", Path::new("/nowhere"));
        terminal.wait_for("being made");
        is_ended_by_the_second(terminal);
    });
}

#[test]
fn in_a_drain_it_waits_for_what_is_under_way() {
    watched("in a drain", PLACE, |_| {
        for context in CONTEXTS {
            let scratch = Scratch::new();
            let mut terminal = program("drains", context, &scratch.file("go"));
            terminal.wait_for("flushing");
            let text = winds_down_from(terminal, &scratch.file("go"), context);
            assert_eq!(text.matches("drained").count(), 1, "in {context}: {text}");
        }
    });
}

#[test]
fn a_request_to_terminate_does_the_same() {
    watched("a request to terminate", PLACE, |_| {
        let terminal = at_work("sources", "processes");
        send(terminal.pid(), Signal::TERM);
        let (status, text) = terminal.end();
        assert_eq!(status.code(), Some(143), "{text}");
        assert_eq!(text.matches("finished").count(), 1, "{text}");
    });
}

/// The system tells the program, asked for Ctrl-C or not; workers outlive that, and end with it.
#[test]
fn a_closed_terminal_ends_the_program_and_its_workers() {
    watched("a closed terminal", PLACE, |_| {
        for what in ["sources", "unasked", "hangs"] {
            let status = at_work(what, "processes").hang_up();
            assert_eq!(status.signal(), Some(Signal::HUP.as_raw()), "{what}: {status}");
        }
    });
}

#[test]
fn afterwards_signals_are_the_programs_again() {
    watched("afterwards", PLACE, |_| {
        let mut terminal = at_work("dies", "processes");
        terminal.ctrl_c();
        let (status, text) = terminal.end();
        assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{text}");
        assert_eq!(text.matches("finished").count(), 1, "{text}");
    });
}
