//! Turns a freshly started copy of the program into a worker, before its `main`.
//!
//! A worker is the same executable, started again with an order in an environment variable. A constructor that this
//! crate brings along runs in every program, sees that variable, takes it away and obeys. Nothing but looking for the
//! variable happens in a process that is no worker.

#[cfg(target_os = "linux")]
mod constructor;
#[cfg(target_os = "linux")]
mod worker;

use crate::{Error, ErrorKind};

/// Holds a worker's order.
pub(crate) const VARIABLE: &str = "CONVEYOR_WORKER";

/// Becomes a worker if this process was started as one, and then never returns; else does nothing.
///
/// Calling it is not needed: the library does the same before `main`. It is for programs whose linker or loader leaves
/// such constructors out, and has to be the first thing in `main` then, before any thread is started.
///
/// ```
/// # // The hook is in this program, too: an order that makes no sense ends it before `main`.
/// # assert_eq!(std::env::var_os("CONVEYOR_WORKER"), None, "the hook is missing");
/// # let mut again = std::process::Command::new(std::env::current_exe().unwrap());
/// # assert_eq!(again.env("CONVEYOR_WORKER", "nonsense").status().unwrap().code(), Some(241));
/// conveyor::init();
/// // ... the program
/// ```
pub fn init() {
    #[cfg(target_os = "linux")]
    worker::become_one_if_ordered(|| {});
}

/// Refuses to start workers from a process that was meant to be one itself: without the hook the program would start
/// itself for ever.
pub(crate) fn refuse_if_unconsumed() -> Result<(), Error> {
    match std::env::var_os(VARIABLE) {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Start,
            format_args!(
                "this process was started as a worker ({VARIABLE} is set) and did not become one: call \
                 `conveyor::init()` first in `main`, or use Context::Threads"
            ),
        )),
    }
}
