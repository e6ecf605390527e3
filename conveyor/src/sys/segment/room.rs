//! Whether there is memory for a segment, and getting it.

use crate::{Error, ErrorKind};
use rustix::fs::{FallocateFlags, fallocate};
use rustix::process::{Resource, getrlimit};
use std::ops::Range;
use std::os::fd::AsFd;

/// What memory is for, as errors put it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    /// Who needs it: "the pipeline".
    pub(crate) who: &'static str,
    /// How to need less: "lower the capacity".
    pub(crate) help: &'static str,
}

/// Refuses what cannot fit. The numbers are a snapshot: reserving may still fail.
pub(super) fn check(len: usize, free: Option<u64>, need: Need) -> Result<(), Error> {
    match free {
        Some(free) if len as u64 > free => Err(too_large(len as u64, Some(free), need)),
        _ => Ok(()),
    }
}

/// Refuses what the limits of this process forbid: a file that is too long would end it by a signal.
pub(super) fn check_limits(len: usize, need: Need) -> Result<(), Error> {
    let limits =
        [(Resource::Fsize, "files (`ulimit -f`)"), (Resource::As, "its address space (`ulimit -v`)")];
    for (resource, of_what) in limits {
        if let Some(limit) = getrlimit(resource).current.filter(|limit| *limit < len as u64) {
            let [needed, limit] = [len as u64, limit].map(|bytes| bytes.div_ceil(1 << 20));
            let Need { who, help } = need;
            return Err(Error::new(
                ErrorKind::Start,
                format_args!(
                    "{who} needs {needed} MiB of shared memory, and the program's limit of {of_what} is \
                     {limit} MiB: raise it, or {help}"
                ),
            ));
        }
    }
    Ok(())
}

/// Gets memory for these ranges of a file, whose length is set.
pub(super) fn reserve(file: impl AsFd, ranges: &[Range<usize>]) -> rustix::io::Result<()> {
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        fallocate(&file, FallocateFlags::KEEP_SIZE, range.start as u64, range.len() as u64)?;
    }
    Ok(())
}

/// `needed` and `free` in bytes.
#[cold]
pub(super) fn too_large(needed: u64, free: Option<u64>, need: Need) -> Error {
    let free = free.map_or_else(|| "less".to_owned(), |free| format!("{} MiB", free >> 20));
    let Need { who, help } = need;
    Error::new(
        ErrorKind::Start,
        format_args!(
            "{who} needs {} MiB of shared memory, and {free} can be had: {help}, or give the program more memory",
            needed.div_ceil(1 << 20)
        ),
    )
}
