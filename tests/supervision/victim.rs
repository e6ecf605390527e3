//! Ways to die.

use crate::harness::{Place, watched};
use conveyor::{Backend, Context, ErrorKind, Fuse, Running};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use std::time::{Duration, Instant};

pub(super) const PLACE: Place = Place(Context::Processes, Backend::Memfd, Fuse::None);
const NAMED: Place = Place(Context::Processes, Backend::Named, Fuse::None);
pub(super) const FUSED: Place = Place(Context::Processes, Backend::Memfd, Fuse::All);

/// What takes longer does not happen.
pub(super) const PATIENCE: Duration = Duration::from_secs(50);

/// Runs a test under the watchdog, with both kinds of memory, and with all stages fused that may be.
pub(super) fn everywhere(name: &'static str, test: fn(Place)) {
    watched(name, PLACE, test);
    watched(name, NAMED, test);
    watched(name, FUSED, test);
}

/// Which process a processor's worker is now; none if it is being replaced, or has ended.
pub(super) fn pid_now<In, Out>(running: &Running<In, Out>, processor: &str, lane: usize) -> Option<u32> {
    running.metrics().processor(processor).expect("it is declared").lanes()[lane].pid()
}

/// The same for a worker that has not ended.
pub(super) fn pid_of<In, Out>(running: &Running<In, Out>, processor: &str, lane: usize) -> u32 {
    loop {
        if let Some(pid) = pid_now(running, processor, lane) {
            return pid;
        }
        assert!(running.error().is_none(), "{:?}", running.error());
        std::thread::yield_now();
    }
}

pub(super) fn kill(pid: u32) {
    send(pid, Signal::KILL);
}

/// It may have died a moment ago.
pub(super) fn send(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.cast_signed()).expect("not 0");
    assert!(matches!(kill_process(pid, signal), Ok(()) | Err(Errno::SRCH)));
}

/// Stops a process; when this returns, none of its threads goes on.
pub(super) fn stop(pid: u32) {
    send(pid, Signal::STOP);
    let threads = || std::fs::read_dir(format!("/proc/{pid}/task")).expect("it lives").flatten();
    let is_stopped = |stat: String| stat.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('T'));
    while !threads().all(|it| std::fs::read_to_string(it.path().join("stat")).is_ok_and(is_stopped)) {
        std::thread::yield_now();
    }
}

/// Kills a worker, and waits until another one has its place.
pub(super) fn replace<In, Out>(running: &Running<In, Out>, processor: &str, lane: usize) {
    let replaced =
        || running.metrics().processor(processor).expect("it is declared").lanes()[lane].replaced();
    let before = replaced();
    kill(pid_of(running, processor, lane));
    let killed = Instant::now();
    while replaced() == before {
        assert!(running.error().is_none(), "{:?}", running.error());
        assert!(killed.elapsed() < PATIENCE, "nobody takes its place");
        std::thread::yield_now();
    }
}

/// How a message ends who works on it.
pub(super) type Way = usize;

pub(super) const DEADLINE: Duration = Duration::from_millis(1500);

/// Ways to die, and what is said of each.
pub(super) const WAYS: [(fn(), ErrorKind, &str); 8] = [
    (|| panic!("it is poison"), ErrorKind::Panicked, "it is poison"),
    (segfault, ErrorKind::Signal(11), "SIGSEGV"),
    (|| std::process::abort(), ErrorKind::Signal(6), "SIGABRT"),
    (|| _ = overflow_the_stack(0), ErrorKind::Signal(11), "its stack ran out"),
    (ask_for_too_much, ErrorKind::Signal(6), "SIGABRT"),
    (|| kill(std::process::id()), ErrorKind::Signal(9), "memory ran out"),
    (|| std::process::exit(0), ErrorKind::Exit(0), "`exit`"),
    (
        || loop {
            std::hint::spin_loop()
        },
        ErrorKind::Overdue,
        "deadline of 1.5s",
    ),
];

/// Ends the process.
pub(super) fn die(way: Way) {
    WAYS[way].0();
    unreachable!("it should have ended the process");
}

fn segfault() {
    let nowhere = std::hint::black_box(std::ptr::null_mut::<u8>());
    // SAFETY: there is none: this is how careless code ends.
    unsafe { nowhere.write_volatile(1) };
}

/// No allocator has so much.
fn ask_for_too_much() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(isize::MAX as usize)));
}

fn overflow_the_stack(depth: u64) -> u64 {
    let local = std::hint::black_box([depth; 1000]);
    if depth == u64::MAX { 0 } else { overflow_the_stack(depth + 1) + local[999] }
}
