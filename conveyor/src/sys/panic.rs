//! Panics of a worker, kept in shared memory, so that they outlive it.
//!
//! Two are kept: the last one of the stage's own thread, which is the one that ends it, and the first one of any other
//! thread, which may go unnoticed by the exit code. A text is written before its state says so; when a process dies in
//! between, what is there counts. The reader trusts nothing it finds.

use crate::sync::{AtomicU8, AtomicU32, Ordering};
use std::fmt::{self, Write};
use std::panic::{Location, PanicHookInfo};
use std::sync::Mutex;
use std::thread::{self, ThreadId};

const TEXT_LEN: usize = 2040;

/// One worker's panics: 4 KiB of shared memory. Any bytes are valid, and zeros mean that there was no panic.
#[repr(C)]
pub(crate) struct PanicArea {
    stage: Entry,
    elsewhere: Entry,
}

#[repr(C)]
struct Entry {
    /// One of the constants below; anything else counts as a panic.
    state: AtomicU32,
    /// In bytes; at most `TEXT_LEN`, unless damaged.
    len: AtomicU32,
    text: [AtomicU8; TEXT_LEN],
}

const NOTHING: u32 = 0;
/// A panic has begun to be written.
const PANIC: u32 = 1;
/// Not a panic, but the end of the stack.
const STACK: u32 = 2;

#[cfg(not(loom))] // which has larger atomics
const _: () = assert!(size_of::<PanicArea>() == 4096);

/// What a worker's panics were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Panics {
    /// The last one of the stage's thread, whether or not it was caught.
    pub(crate) stage: Option<String>,
    /// The first one of any other thread.
    pub(crate) elsewhere: Option<String>,
    /// The stage's stack has run out.
    pub(crate) stack: bool,
}

impl PanicArea {
    /// What is there now.
    pub(crate) fn read(&self) -> Panics {
        let stack = self.stage.state.load(Ordering::Acquire) == STACK;
        Panics { stage: self.stage.read().filter(|_| !stack), elsewhere: self.elsewhere.read(), stack }
    }

    /// The stage's stack has run out. May be called from a signal's handler.
    pub(super) fn note_stack(&self) {
        self.stage.state.store(STACK, Ordering::Release);
    }

    /// Forgets them: another worker takes the place of the one that has died.
    pub(crate) fn clear(&self) {
        self.stage.state.store(NOTHING, Ordering::Relaxed);
        self.elsewhere.state.store(NOTHING, Ordering::Relaxed);
    }
}

impl Entry {
    fn read(&self) -> Option<String> {
        if self.state.load(Ordering::Acquire) == NOTHING {
            return None;
        }
        let len = usize::try_from(self.len.load(Ordering::Acquire)).map_or(TEXT_LEN, |len| len.min(TEXT_LEN));
        let bytes: Vec<u8> = self.text[..len].iter().map(|byte| byte.load(Ordering::Relaxed)).collect();
        Some(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }

    fn begin(&self) -> Writer<'_> {
        self.len.store(0, Ordering::Relaxed);
        self.state.store(PANIC, Ordering::Release);
        Writer { entry: self, len: 0 }
    }
}

/// Appends to an entry; what does not fit is cut off.
struct Writer<'a> {
    entry: &'a Entry,
    len: usize,
}

impl Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (place, byte) in self.entry.text[self.len..].iter().zip(text.bytes()) {
            place.store(byte, Ordering::Relaxed);
            self.len += 1;
        }
        self.entry.len.store(self.len as u32, Ordering::Release);
        Ok(())
    }
}

/// Records every panic of this process from now on, and shows it on stderr as usual, where its backtrace is, too. The
/// calling thread is the stage's.
pub(crate) fn record_in(area: &'static PanicArea) {
    let stage = thread::current().id();
    let writing = Mutex::new(());
    let show = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(_alone) = writing.lock() {
            record(area, stage, panic);
        }
        show(panic);
    }));
}

fn record(area: &PanicArea, stage: ThreadId, panic: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let is_stage = thread.id() == stage;
    if !is_stage && area.elsewhere.state.load(Ordering::Relaxed) != NOTHING {
        return;
    }
    let has_text = is_stage && area.stage.state.load(Ordering::Relaxed) == PANIC;
    if has_text && panic.location().is_some_and(is_of_the_runtime) {
        return;
    }
    let mut to = if is_stage { area.stage.begin() } else { area.elsewhere.begin() };
    // A writer never fails: it cuts off.
    let _ = to.write_str(panic.payload_as_str().unwrap_or("a panic without a text"));
    if let Some(place) = panic.location() {
        let _ = write!(to, ", at {place}");
    }
    if !is_stage {
        let _ = write!(to, ", in thread `{}`", thread.name().unwrap_or("unnamed"));
    }
}

/// Such a panic says that the one before it cannot unwind any further, and nothing of what has gone wrong.
fn is_of_the_runtime(place: &Location<'_>) -> bool {
    place.file().ends_with("library/core/src/panicking.rs")
}
