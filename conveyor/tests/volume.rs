//! As many small messages as are promised to pass, in release builds, in every context: none lost, none twice, in order.

use conveyor::{Backend, Context, Fuse, pipeline};
use std::sync::mpsc::channel;
use std::time::Duration;

const MESSAGES: u64 = if cfg!(debug_assertions) { 200_000 } else { 10_000_000 };

/// What takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(120);

fn passes(context: Context, backend: Backend, fuse: Fuse) {
    let row = pipeline! {
        <() -> u64>(count: u64 = MESSAGES);
        source(0..*count) -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x - 1)
    };
    let (done, outcome) = channel();
    std::thread::spawn(move || {
        let mut next = 0;
        for output in row.context(context).backend(backend).fuse(fuse).run(()) {
            assert_eq!(output.expect("the run succeeds"), next);
            next += 1;
        }
        done.send(next)
    });
    assert_eq!(outcome.recv_timeout(DEADLINE).expect("it neither fails nor hangs"), MESSAGES);
}

#[test]
fn in_serial() {
    passes(Context::Serial, Backend::default(), Fuse::None);
}

#[test]
fn in_threads() {
    passes(Context::Threads, Backend::default(), Fuse::None);
}

#[test]
fn in_processes() {
    passes(Context::Processes, Backend::Memfd, Fuse::None);
}

#[test]
fn in_processes_over_named_memory() {
    passes(Context::Processes, Backend::Named, Fuse::None);
}

#[test]
fn in_one_process() {
    passes(Context::Processes, Backend::Memfd, Fuse::All);
}
