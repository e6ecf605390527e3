//! How much memory there is: the system's, and what the control groups of this process leave of it.

use std::fs;
use std::path::Path;

/// How much memory this program could still take, in bytes: what the system has left, with its swap space, but not more than
/// the control groups of this program allow. None if the system does not tell.
///
/// It says how large a pool may be:
///
/// ```
/// use conveyor::{Pool, Result, free_memory, pipeline};
///
/// const FRAME: usize = 1 << 20;
///
/// /// A 16th of what is free, and 64 at most.
/// fn frames() -> usize {
///     let free = free_memory().map_or(4, |bytes| bytes as usize / 16 / FRAME);
///     free.clamp(2, 64)
/// }
///
/// fn bright(pool: &Pool<u8>, light: u8) -> Result<usize> {
///     let mut frame = pool.take()?;
///     frame.fill(light);
///     Ok(frame.iter().filter(|pixel| **pixel > 127).count())
/// }
///
/// let counts = pipeline! {
///     <u8 -> usize>;
///     pool buffers(frames()) of [u8; FRAME];
///     processor count = {
///         let buffers = buffers.clone();
///         move |light: u8| bright(&buffers, light).unwrap_or(0)
///     };
///     count
/// };
/// assert_eq!(counts.run([0, 200]).collect::<std::result::Result<Vec<_>, _>>()?, [0, FRAME]);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub fn free_memory() -> Option<u64> {
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
