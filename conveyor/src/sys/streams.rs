//! The standard streams of a program that has closed one: the next file that is opened would take its place, and whatever is
//! printed would go there.

use crate::{Error, ErrorKind};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, fcntl_getfd};
use rustix::stdio::{stderr, stdin, stdout};
use std::os::fd::IntoRawFd;

/// Puts `/dev/null` where there is none, as the standard library does before `main`.
///
/// # Errors
/// When that cannot be opened.
pub(crate) fn keep_taken() -> Result<(), Error> {
    // one after the other: what is opened takes the lowest number that is free
    for stream in [stdin(), stdout(), stderr()] {
        if fcntl_getfd(stream) == Err(Errno::BADF) {
            let null = open("/dev/null", OFlags::RDWR, Mode::empty()).map_err(|error| {
                let text = "a standard stream is closed, and /dev/null could not be opened in its place";
                Error::new(ErrorKind::Start, format_args!("{text}: {error}"))
            })?;
            let _ = null.into_raw_fd(); // it stays open
        }
    }
    Ok(())
}
