//! From an order in the environment to a running worker.

use super::VARIABLE;
use crate::sys::death::exit;
use crate::sys::executable;
use crate::sys::order::{self, Letter, Unreadable};
use crate::sys::segment::Segment;
use crate::sys::signals;
use rustix::process::{Pid, Resource, Signal, getppid, getrlimit, set_parent_process_death_signal};

/// For a main thread whose stack is unlimited, in bytes.
const STACK_OF_UNLIMITED: u64 = 64 << 20;

/// Obeys the order in the environment, if there is one for this process. `prepare` runs once that is certain.
pub(super) fn become_one_if_ordered(prepare: impl FnOnce()) {
    let Some(text) = std::env::var_os(VARIABLE) else { return };
    let Some(letter) = accept(&text.to_string_lossy()) else { return };
    // SAFETY: this runs before `main` or as its first step, when no other thread reads the environment.
    unsafe { std::env::remove_var(VARIABLE) };
    signals::as_worker();
    prepare();
    std::process::exit(work(letter));
}

/// None: the order is not for this process, or for another copy of this crate, whose hook will see it.
fn accept(text: &str) -> Option<Letter> {
    let address = order::read_address(text).unwrap_or_else(|_| refuse_damaged());
    let is_parent =
        || getppid().map(Pid::as_raw_nonzero).map(|pid| pid.get().cast_unsigned()) == Some(address.parent);
    if executable::file().ok() != Some(address.file) {
        // Whoever else has inherited the variable is no worker.
        return if is_parent() { refuse_replaced() } else { None };
    }
    let letter = match order::read(text) {
        Ok(letter) => letter,
        Err(Unreadable::NotMine) => return None,
        Err(Unreadable::OtherBuild) => refuse_replaced(),
        Err(Unreadable::Damaged) => refuse_damaged(),
    };
    // From here on the kernel ends this process with the thread that started it; if that is gone already, the parent
    // is another one.
    if let Err(error) = set_parent_process_death_signal(Some(Signal::KILL)) {
        refuse(exit::UNABLE, &format!("it could not be tied to its parent: {error}"));
    }
    if !is_parent() {
        std::process::exit(exit::ORPHANED);
    }
    Some(letter)
}

/// Runs the stage on a thread of its own: the main thread has no name, and its `main` has not begun.
fn work(letter: Letter) -> i32 {
    let Letter { order, ticket } = letter;
    let segment = match Segment::open(&ticket) {
        Ok(segment) => segment,
        Err(error) => refuse(exit::UNABLE, &error.to_string()),
    };
    let stack = getrlimit(Resource::Stack).current.unwrap_or(STACK_OF_UNLIMITED);
    let stage = std::thread::Builder::new()
        .name(order.to_string())
        .stack_size(usize::try_from(stack).unwrap_or(usize::MAX))
        .spawn(move || (order.main)(order, segment));
    match stage {
        Ok(stage) => stage.join().unwrap_or(exit::PANICKED),
        Err(error) => refuse(exit::UNABLE, &format!("its thread could not be started: {error}")),
    }
}

fn refuse_replaced() -> ! {
    refuse(exit::REPLACED, "the program's file was replaced while it ran; start the program again")
}

fn refuse_damaged() -> ! {
    refuse(
        exit::DAMAGED,
        &format!("the variable {VARIABLE} makes no sense; unset it, it is for the library's own use"),
    )
}

fn refuse(code: i32, why: &str) -> ! {
    eprintln!("a worker could not start: {why}");
    std::process::exit(code)
}
