//! A lane in a process of its own, which stops after every instruction that changes the run's memory.
//!
//! The memory is read-only there. So each such instruction faults: the handler makes the memory writable, has the
//! processor trap after one instruction, and that trap stops the process, before the memory becomes read-only again.
//! Nothing else can change the memory, so no state is left out. A repeated instruction traps after each repetition.

use conveyor::Message;
use conveyor::private::Stand;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};

/// Where the process has stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It has executed one instruction more that writes into the memory.
    Wrote,
    /// It would sleep; told to go on, it looks again.
    Idle,
    /// The lane has ended.
    Ended,
}

const WROTE: u8 = 1;
const IDLE: u8 = 2;
const ENDED: u8 = 3;
const FAILED: u8 = 4;

pub(crate) struct Victim {
    pid: libc::pid_t,
    said: PipeReader,
    go: PipeWriter,
}

/// The memory, and the pipes, in the child.
static START: AtomicUsize = AtomicUsize::new(0);
static LEN: AtomicUsize = AtomicUsize::new(0);
static SAID: AtomicI32 = AtomicI32::new(-1);
static GO: AtomicI32 = AtomicI32::new(-1);

impl Victim {
    /// Begins a life of a lane.
    pub(crate) fn start<In: Message, Out: Message>(stand: &Stand<'_, In, Out>, lane: usize) -> Victim {
        Victim::fork(|| {
            arm(stand.memory());
            work(stand, lane)
        })
    }

    /// The same, but the process stops nowhere before it would sleep: see [`Victim::stepping`].
    pub(crate) fn start_at_large<In: Message, Out: Message>(
        stand: &Stand<'_, In, Out>,
        lane: usize,
    ) -> Victim {
        Victim::fork(|| work(stand, lane))
    }

    /// A process that would sleep stops after every instruction from now on: see [`Victim::step`].
    pub(crate) fn stepping(self) -> Victim {
        // SAFETY: the child is ours.
        unsafe { libc::ptrace(libc::PTRACE_ATTACH, self.pid, 0, 0) };
        self.wait();
        self
    }

    fn fork(child: impl FnOnce()) -> Victim {
        let ((said, says), (goes, go)) = (pipe().expect("a pipe"), pipe().expect("a pipe"));
        // SAFETY: this process has one thread, so the child finds every lock free.
        match unsafe { libc::fork() } {
            -1 => panic!("no process: {}", std::io::Error::last_os_error()),
            0 => {
                // SAFETY: a plain call.
                unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
                SAID.store(says.as_raw_fd(), Ordering::Relaxed);
                GO.store(goes.as_raw_fd(), Ordering::Relaxed);
                child();
                // SAFETY: nothing of the parent's is to be cleaned up here.
                unsafe { libc::_exit(0) }
            }
            pid => Victim { pid, said, go },
        }
    }

    /// Until the process has stopped; its status.
    fn wait(&self) -> i32 {
        let mut status = 0;
        // SAFETY: the child is ours, and the status has a place.
        unsafe { libc::waitpid(self.pid, &mut status, 0) };
        status
    }

    /// One instruction of a process that stops after each.
    ///
    /// # Errors
    /// When it has failed or died.
    pub(crate) fn step(&mut self) -> Result<Stop, String> {
        // SAFETY: the child is ours, and has stopped.
        unsafe { libc::ptrace(libc::PTRACE_SINGLESTEP, self.pid, 0, 0) };
        let status = self.wait();
        if !libc::WIFSTOPPED(status) || libc::WSTOPSIG(status) != libc::SIGTRAP {
            return Err(format!("the victim has died: status {status:#x}"));
        }
        let mut poll = libc::pollfd { fd: self.said.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one descriptor, which is open.
        match unsafe { libc::poll(&mut poll, 1, 0) } {
            0 => Ok(Stop::Wrote),
            _ => self.stop(),
        }
    }

    /// Waits until it stops.
    ///
    /// # Errors
    /// When it has failed or died.
    pub(crate) fn stop(&mut self) -> Result<Stop, String> {
        let mut word = [0];
        match self.said.read(&mut word) {
            Ok(1) => {}
            _ => return Err(format!("the victim has died: {}", self.status())),
        }
        match word[0] {
            WROTE => Ok(Stop::Wrote),
            IDLE => Ok(Stop::Idle),
            ENDED => Ok(Stop::Ended),
            _ => {
                let mut text = String::new();
                let _ = self.said.read_to_string(&mut text);
                Err(format!("the victim fails: {text}"))
            }
        }
    }

    /// Lets it go on.
    pub(crate) fn go_on(&mut self) {
        self.go.write_all(&[0]).expect("it waits for that");
    }

    fn status(&self) -> String {
        let mut status = 0;
        // SAFETY: the child is ours, and not reaped before `drop`: WNOWAIT leaves it there.
        unsafe { libc::waitpid(self.pid, &mut status, libc::WNOHANG) };
        match libc::WIFSIGNALED(status) {
            true => format!("signal {}", libc::WTERMSIG(status)),
            false => format!("exit code {}", libc::WEXITSTATUS(status)),
        }
    }
}

/// Its death.
impl Drop for Victim {
    fn drop(&mut self) {
        // SAFETY: the child is ours, and its id is not given to another before it is reaped.
        unsafe {
            libc::kill(self.pid, libc::SIGKILL);
            libc::waitpid(self.pid, std::ptr::null_mut(), 0);
        }
    }
}

/// Makes the memory read-only, and whoever writes there stop after that.
fn arm((start, len): (*mut u8, usize)) {
    START.store(start.addr(), Ordering::Relaxed);
    LEN.store(len, Ordering::Relaxed);
    // SAFETY: handlers that call nothing but what may be called there; the memory is mapped.
    unsafe {
        handle(libc::SIGSEGV, on_fault);
        handle(libc::SIGTRAP, on_trap);
        protect(libc::PROT_READ);
    }
}

fn work<In, Out>(stand: &Stand<'_, In, Out>, lane: usize) {
    conveyor::private::drive(|| say(IDLE));
    let outcome = stand.live(lane);
    match outcome {
        Ok(()) => say(ENDED),
        Err(text) => {
            let said = SAID.load(Ordering::Relaxed);
            let text = [&[FAILED], text.as_bytes()].concat();
            // SAFETY: the descriptor is open, and the text is there.
            unsafe { libc::write(said, text.as_ptr().cast(), text.len()) };
        }
    }
}

/// Stops until told to go on.
fn say(what: u8) {
    let mut told = 0u8;
    // SAFETY: both descriptors are open, and a byte is there; both calls may be made in a handler.
    let went_on = unsafe {
        libc::write(SAID.load(Ordering::Relaxed), (&raw const what).cast(), 1) == 1
            && libc::read(GO.load(Ordering::Relaxed), (&raw mut told).cast(), 1) == 1
    };
    if !went_on {
        // SAFETY: the parent is gone.
        unsafe { libc::_exit(1) };
    }
}

/// # Safety
/// The memory is mapped.
unsafe fn protect(protection: i32) {
    let start = std::ptr::with_exposed_provenance_mut(START.load(Ordering::Relaxed));
    // SAFETY: as the caller says.
    unsafe { libc::mprotect(start, LEN.load(Ordering::Relaxed), protection) };
}

type Handler = extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void);

/// # Safety
/// The handler does only what may be done in one.
unsafe fn handle(signal: i32, handler: Handler) {
    // SAFETY: all bytes zero are a valid action.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler as usize;
    action.sa_flags = libc::SA_SIGINFO;
    // SAFETY: as the caller says.
    unsafe { libc::sigaction(signal, &action, std::ptr::null_mut()) };
}

extern "C" fn on_fault(_: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel has filled it in for a fault.
    let at = unsafe { (*info).si_addr() }.addr();
    let start = START.load(Ordering::Relaxed);
    if at < start || at >= start + LEN.load(Ordering::Relaxed) {
        // SAFETY: a fault of the lane's own: the instruction is repeated, and ends the process.
        unsafe { libc::signal(libc::SIGSEGV, libc::SIG_DFL) };
        return;
    }
    // SAFETY: the memory is mapped.
    unsafe { protect(libc::PROT_READ | libc::PROT_WRITE) };
    set_trap(context, true);
}

extern "C" fn on_trap(_: i32, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    set_trap(context, false);
    say(WROTE);
    // SAFETY: the memory is mapped.
    unsafe { protect(libc::PROT_READ) };
}

/// Shall the processor trap after the next instruction?
fn set_trap(context: *mut libc::c_void, trap: bool) {
    const TRAP_FLAG: i64 = 1 << 8;
    // SAFETY: what the kernel hands to a handler; nobody else looks at it.
    let flags =
        unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs[libc::REG_EFL as usize] };
    *flags = if trap { *flags | TRAP_FLAG } else { *flags & !TRAP_FLAG };
}
