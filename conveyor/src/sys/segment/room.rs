//! How much memory there is: the system's, and what the control groups of this process leave of it.

use crate::{Error, ErrorKind};
use rustix::fs::{FallocateFlags, fallocate};
use rustix::process::{Resource, getrlimit};
use std::fs;
use std::ops::Range;
use std::os::fd::AsFd;
use std::path::Path;

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

/// In bytes; none if the system does not tell.
pub(super) fn free_memory() -> Option<u64> {
    let about = fs::read_to_string("/proc/meminfo").ok()?;
    let kib = |name: &str| -> Option<u64> {
        let line = about.lines().find(|line| line.starts_with(name))?;
        line.split_ascii_whitespace().nth(1)?.parse().ok()
    };
    let system = kib("MemAvailable:")?.saturating_add(kib("SwapFree:").unwrap_or(0)).saturating_mul(1024);
    Some(group_limit().map_or(system, |limit| limit.min(system)))
}

/// What the memory control groups leave; none without one. The page cache counts as free, since it gives way.
fn group_limit() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    groups.lines().filter_map(group_of_line).min()
}

/// A line is `0::PATH` (version 2) or `NUMBER:CONTROLLERS:PATH` (version 1).
fn group_of_line(line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?);
    let (root, limit, usage, cache) = match controllers {
        "" => ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file "),
        "memory" => (
            "/sys/fs/cgroup/memory",
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "total_inactive_file ",
        ),
        _ => return None,
    };
    let number = |file: &Path| -> Option<u64> { fs::read_to_string(file).ok()?.trim().parse().ok() };
    let left = |group: &Path| -> Option<u64> {
        let limit = number(&group.join(limit))?;
        let usage = number(&group.join(usage))?;
        let about = fs::read_to_string(group.join("memory.stat")).ok()?;
        let cached = about.lines().find_map(|line| line.strip_prefix(cache)?.parse().ok()).unwrap_or(0);
        Some(limit.saturating_sub(usage.saturating_sub(cached)))
    };
    let group = Path::new(root).join(path.trim_start_matches('/'));
    group.ancestors().take_while(|group| group.starts_with(root)).filter_map(left).min()
}
