//! Notices that the stage's stack has run out, which the system tells of like of any bad address.
//!
//! A handler on a stack of its own looks where the fault was, notes what it has found, and lets the process end as it would
//! have without it.

use super::panic::PanicArea;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::OnceLock;

/// For the handler, in bytes: it calls little, but the processor's state lies there, too.
const HANDLER_STACK: usize = 64 << 10;

/// The end of the stack that is watched, and where to note that it was reached.
static WATCHED: OnceLock<(Range<usize>, &'static PanicArea)> = OnceLock::new();

/// Watches the stack of the calling thread, unless the program handles such faults itself.
pub(crate) fn watch(area: &'static PanicArea) {
    let Some(guard) = guard() else { return };
    if WATCHED.set((guard, area)).is_err() {
        return; // a process has one stage
    }
    let stack: &'static mut [u8] = Vec::leak(vec![0; HANDLER_STACK]);
    // SAFETY: the structures are valid when zeroed, the stack is given away for good, and the handler does nothing that a
    // handler must not do.
    unsafe {
        let mut before = MaybeUninit::<libc::sigaction>::zeroed();
        libc::sigaction(libc::SIGSEGV, std::ptr::null(), before.as_mut_ptr());
        if before.assume_init().sa_sigaction != libc::SIG_DFL {
            return;
        }
        let stack = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: stack.len() };
        if libc::sigaltstack(&raw const stack, std::ptr::null_mut()) != 0 {
            return;
        }
        let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        action.sa_sigaction = handle as extern "C" fn(_, _, _) as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGSEGV, &raw const action, std::ptr::null_mut());
    }
}

extern "C" fn handle(signal: libc::c_int, info: *const libc::siginfo_t, _: *const c_void) {
    // SAFETY: the kernel hands in a valid description of a fault.
    let (address, code) = unsafe { ((*info).si_addr().addr(), (*info).si_code) };
    // set before the handler was, so nothing is waited for
    if let Some((guard, area)) = WATCHED.get()
        && guard.contains(&address)
    {
        area.note_stack();
    }
    // SAFETY: both calls may stand in a handler. The instruction at fault is done again, and ends the process; a signal
    // that somebody has sent is sent again.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        if code <= 0 {
            libc::raise(signal);
        }
    }
}

/// The pages at the end of this thread's stack that nothing can lie in. Old versions of the C library count them as a
/// part of the stack.
fn guard() -> Option<Range<usize>> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut start, mut len, mut guard_len) = (std::ptr::null_mut(), 0, 0);
    // SAFETY: the attributes are initialised by the first call, used only if that has succeeded, and destroyed.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let attributes = attributes.assume_init_mut();
        libc::pthread_attr_getstack(attributes, &raw mut start, &raw mut len);
        libc::pthread_attr_getguardsize(attributes, &raw mut guard_len);
        libc::pthread_attr_destroy(attributes);
    }
    let start = start.addr();
    (guard_len > 0).then(|| start.saturating_sub(guard_len)..start.saturating_add(guard_len))
}
