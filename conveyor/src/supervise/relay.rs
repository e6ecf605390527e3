//! Passes on what the workers write to stderr, each line with the worker's name before it.
//!
//! A thread of its own, because the program's stderr may be slow, and deaths must not wait for it. While it is slow,
//! workers that write wait for it as if they wrote there themselves; once it is closed, what they write is thrown
//! away.

use super::{Bell, no_thread};
use crate::Error;
use crate::sync::{AtomicBool, Ordering};
use crate::sys::order::Order;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::io::Errno;
use std::os::fd::BorrowedFd;
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

/// What is written in one go, in bytes: as much as a pipe that says it is writable takes without blocking.
const WRITE_LEN: usize = 4096;
/// From here on nothing more is read until something has been written, in bytes.
const PENDING_LEN_MAX: usize = 64 << 10;
/// A longer line is passed on in pieces, in bytes.
const LINE_LEN_MAX: usize = 8 << 10;
/// How long the end of a run waits for a stderr that takes nothing.
const PATIENCE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

pub(super) struct Relay {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    bell: Bell,
    arrivals: Mutex<Vec<Source>>,
    /// No worker is left, so what is there now is all there will be.
    finish: AtomicBool,
}

/// The stderr of one worker.
struct Source {
    prefix: Vec<u8>,
    pipe: ChildStderr,
    /// The beginning of a line.
    line: Vec<u8>,
}

impl Relay {
    /// To be called on a thread that holds signals back, for the new one inherits that.
    pub(super) fn new() -> Result<Relay, Error> {
        let (arrivals, finish) = (Mutex::default(), AtomicBool::new(false));
        let shared = Arc::new(Shared { bell: Bell::new()?, arrivals, finish });
        let pump = Pump { shared: Arc::clone(&shared), sources: Vec::new(), to: Outlet::default() };
        let thread = Builder::new().name("conveyor stderr".to_owned()).spawn(|| pump.run());
        Ok(Relay { shared, thread: Some(thread.map_err(|error| no_thread(&error))?) })
    }

    /// Passes on what the worker of this order writes to `pipe`.
    pub(super) fn pass_on(&self, order: &Order, pipe: ChildStderr) {
        // Without this a read could block when somebody else has been faster; it cannot fail on an open pipe.
        let _ = fcntl_setfl(&pipe, OFlags::NONBLOCK);
        let source = Source { prefix: format!("[{order}] ").into_bytes(), pipe, line: Vec::new() };
        self.shared.arrivals().push(source);
        self.shared.bell.ring();
    }

    /// Passes on what the workers, who have all ended, have left. Commands that they have started and that still live
    /// are not waited for.
    pub(super) fn finish(&mut self) {
        self.shared.finish.store(true, Ordering::Release);
        self.shared.bell.ring();
        if let Some(thread) = self.thread.take() {
            // A panic there has been shown, and is no reason to fail a run.
            let _ = thread.join();
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Shared {
    fn arrivals(&self) -> std::sync::MutexGuard<'_, Vec<Source>> {
        // A vector that is only pushed to and emptied is never half changed.
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What runs on the thread.
struct Pump {
    shared: Arc<Shared>,
    sources: Vec<Source>,
    to: Outlet,
}

impl Pump {
    fn run(mut self) {
        loop {
            self.shared.bell.hush();
            // Read first: what arrives after it was set does not count.
            let finish = self.shared.finish.load(Ordering::Acquire);
            self.sources.append(&mut self.shared.arrivals());
            if finish {
                return self.finish();
            }
            self.turn();
        }
    }

    /// Waits for something to do, and does it.
    fn turn(&mut self) {
        let mut ready = vec![PollFd::new(&self.shared.bell, PollFlags::IN)];
        let reading = self.to.pending.len() < PENDING_LEN_MAX;
        if reading {
            ready.extend(self.sources.iter().map(|source| PollFd::new(&source.pipe, PollFlags::IN)));
        }
        if !self.to.pending.is_empty() {
            ready.push(PollFd::from_borrowed_fd(stderr(), PollFlags::OUT));
        }
        if poll(&mut ready, None).is_err() {
            return;
        }
        let ready: Vec<bool> = ready.iter().map(|fd| !fd.revents().is_empty()).collect();
        if !self.to.pending.is_empty() && ready.last() == Some(&true) {
            self.to.write();
        }
        if reading {
            let mut is_ready = ready[1..].iter();
            self.sources.retain_mut(|source| is_ready.next() != Some(&true) || source.read(&mut self.to));
        }
    }

    fn finish(mut self) {
        for mut source in self.sources {
            // What is there now; a command that still lives may write for ever.
            let mut left = rustix::io::ioctl_fionread(&source.pipe).unwrap_or(0);
            while left > 0 && source.read(&mut self.to) {
                left = left.saturating_sub(LINE_LEN_MAX as u64);
            }
            source.end_line(&mut self.to);
        }
        while !self.to.pending.is_empty() {
            let mut ready = [PollFd::from_borrowed_fd(stderr(), PollFlags::OUT)];
            match poll(&mut ready, Some(&PATIENCE)) {
                Ok(0) => return,
                Ok(_) => self.to.write(),
                Err(_) => {}
            }
        }
    }
}

impl Source {
    /// Whether there may be more.
    fn read(&mut self, to: &mut Outlet) -> bool {
        let mut bytes = [0; LINE_LEN_MAX];
        let len = match rustix::io::read(&self.pipe, &mut bytes) {
            Ok(len @ 1..) => len,
            Err(Errno::AGAIN | Errno::INTR) => return true,
            Ok(0) | Err(_) => {
                self.end_line(to);
                return false;
            }
        };
        for piece in bytes[..len].split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.line.len() >= LINE_LEN_MAX {
                self.end_line(to);
            }
        }
        true
    }

    fn end_line(&mut self, to: &mut Outlet) {
        if !self.line.is_empty() {
            if !self.line.ends_with(b"\n") {
                self.line.push(b'\n');
            }
            to.line(&self.prefix, &self.line);
            self.line.clear();
        }
    }
}

/// The program's stderr.
#[derive(Default)]
struct Outlet {
    pending: Vec<u8>,
    closed: bool,
}

impl Outlet {
    fn line(&mut self, prefix: &[u8], line: &[u8]) {
        if !self.closed {
            self.pending.extend_from_slice(prefix);
            self.pending.extend_from_slice(line);
        }
    }

    fn write(&mut self) {
        let len = self.pending.len().min(WRITE_LEN);
        match rustix::io::write(stderr(), &self.pending[..len]) {
            Ok(written @ 1..) => drop(self.pending.drain(..written)),
            Err(Errno::AGAIN | Errno::INTR) => {}
            Ok(0) | Err(_) => {
                self.closed = true;
                self.pending.clear();
            }
        }
    }
}

fn stderr() -> BorrowedFd<'static> {
    rustix::stdio::stderr()
}
