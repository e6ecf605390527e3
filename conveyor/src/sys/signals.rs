//! Which signals the library's threads and its workers get. The program's own are its own business.

use std::mem::MaybeUninit;

/// What the terminal and service managers send to the whole group of processes.
const TO_THE_GROUP: [libc::c_int; 4] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT];

/// Lets the calling thread, and the processes it starts, wait with every signal: a program's handlers belong on its
/// own threads, and a worker must not be hit by Ctrl-C before it has called [`as_worker`].
pub(crate) fn hold_back() {
    let mut all = MaybeUninit::uninit();
    // SAFETY: `sigfillset` initialises the set, and nothing is written through the null pointer.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), std::ptr::null_mut());
    }
}

/// Lets this process outlive the signals its whole group gets: a worker ends when its run does. They are caught by a
/// function that does nothing rather than ignored, for ignoring would pass on to the commands that user code starts.
pub(super) fn as_worker() {
    extern "C" fn nothing(_: libc::c_int) {}
    for signal in TO_THE_GROUP {
        // SAFETY: the structure is valid when zeroed, the handler may interrupt anything, and no other thread sets
        // these signals before `main`.
        unsafe {
            let mut before = MaybeUninit::<libc::sigaction>::zeroed();
            libc::sigaction(signal, std::ptr::null(), before.as_mut_ptr());
            if before.assume_init().sa_sigaction == libc::SIG_IGN {
                continue;
            }
            let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
            action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
            action.sa_flags = libc::SA_RESTART;
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
    }
    // SAFETY: `sigemptyset` initialises the set, and nothing is written through the null pointer. Rust ignores
    // SIGPIPE itself, but only on the way to `main`.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
        let mut none = MaybeUninit::uninit();
        libc::sigemptyset(none.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
    }
}
