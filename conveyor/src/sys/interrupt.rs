//! Ctrl-C and SIGTERM, for runs that have asked to be told of them. What the program had in their place comes back when the
//! last of these runs is over.

use super::futex;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

const SIGNALS: [libc::c_int; 2] = [libc::SIGINT, libc::SIGTERM];

/// How many have come while anybody wanted to know.
static COUNT: AtomicU32 = AtomicU32::new(0);
/// The last one.
static LAST: AtomicU32 = AtomicU32::new(0);

static INSTALLED: Mutex<Installed> = Mutex::new(Installed { by: 0, before: [None; 2] });

struct Installed {
    /// How many runs want to know.
    by: usize,
    /// What to put back; `None` where a signal is ignored and stays so.
    before: [Option<libc::sigaction>; 2],
}

/// As long as it lives, the signals are counted and do nothing else.
pub(crate) struct Interrupts {
    before: u32,
}

impl Interrupts {
    pub(crate) fn attend() -> Interrupts {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if installed.by == 0 {
            installed.before = SIGNALS.map(install);
        }
        installed.by += 1;
        Interrupts { before: COUNT.load(Ordering::SeqCst) }
    }

    /// How many have come, and the last one.
    pub(crate) fn so_far(&self) -> (u32, i32) {
        let count = COUNT.load(Ordering::SeqCst).wrapping_sub(self.before);
        (count, LAST.load(Ordering::SeqCst).cast_signed())
    }

    /// Waits until more than `seen` have come, or `done` is not 0. May return early.
    pub(crate) fn wait(&self, seen: u32, done: &AtomicU32) {
        futex::wait_for_either([(&COUNT, self.before.wrapping_add(seen)), (done, 0)], None);
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        installed.by -= 1;
        if installed.by == 0 {
            for (signal, before) in SIGNALS.into_iter().zip(installed.before) {
                if let Some(before) = before {
                    // SAFETY: this is what the system has given for the same signal.
                    unsafe { libc::sigaction(signal, &raw const before, std::ptr::null_mut()) };
                }
            }
        }
    }
}

extern "C" fn note(signal: libc::c_int) {
    LAST.store(signal.cast_unsigned(), Ordering::SeqCst);
    COUNT.fetch_add(1, Ordering::SeqCst);
    futex::wake_all(&COUNT);
}

/// What was there before; `None` if the signal is ignored, as in a program that runs in the background.
fn install(signal: libc::c_int) -> Option<libc::sigaction> {
    // SAFETY: the structures are valid when zeroed, and the handler changes two words and makes one system call.
    unsafe {
        let mut before = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        libc::sigaction(signal, std::ptr::null(), &raw mut before);
        if before.sa_sigaction == libc::SIG_IGN {
            return None;
        }
        let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        action.sa_sigaction = note as extern "C" fn(libc::c_int) as usize;
        action.sa_flags = libc::SA_RESTART;
        libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        Some(before)
    }
}

/// Ends the program as this signal would have done without us.
pub(crate) fn end_by(signal: i32) -> ! {
    // SAFETY: nothing but this signal's handling changes, in a program that is about to end.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        let mut only = MaybeUninit::uninit();
        libc::sigemptyset(only.as_mut_ptr());
        libc::sigaddset(only.as_mut_ptr(), signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, only.as_ptr(), std::ptr::null_mut());
        libc::raise(signal);
    }
    std::process::exit(128 + signal)
}
