//! Wakes a thread that waits in `poll`. Once rung it stays so until it is hushed.

use crate::{Error, ErrorKind};
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::retry_on_intr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Wakes a thread that waits in `poll`. Once rung it stays so until it is hushed.
pub(super) struct Bell(OwnedFd);

impl Bell {
    pub(super) fn new() -> Result<Bell, Error> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        bell.map(Bell).map_err(|error| {
            let text = format_args!("eventfd failed: {error}; raise the limit of open files (`ulimit -n`)");
            Error::new(ErrorKind::Start, text)
        })
    }

    pub(super) fn ring(&self) {
        // Else it fails only when the count is at its end, and then the bell is rung already.
        let _ = retry_on_intr(|| rustix::io::write(&self.0, &1u64.to_ne_bytes()));
    }

    pub(super) fn hush(&self) {
        // Else it fails only when the bell has not been rung.
        let _ = retry_on_intr(|| rustix::io::read(&self.0, &mut [0; 8]));
    }
}

impl AsFd for Bell {
    /// Readable once it has been rung.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
