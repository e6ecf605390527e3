//! How much memory there is: the system's, and what the control groups of this process leave of it.

use std::fs;
use std::path::Path;

/// How much memory this program could still take, in bytes: what the system has left, with its swap space, but not more than
/// the control groups of this program allow. None if the system does not tell.
///
/// It says how large a pool may be:
///
/// ```
/// use conveyor::{Chunk, Pool, Result, free_memory, pipeline};
///
/// const FRAME: usize = 1 << 20;
///
/// /// A 16th of what is free, and 64 at most.
/// fn frames() -> usize {
///     let free = free_memory().map_or(4, |bytes| bytes as usize / 16 / FRAME);
///     free.clamp(2, 64)
/// }
///
/// fn frame(pool: &Pool<u8>, light: u8) -> Result<Chunk<u8>> {
///     let mut frame = pool.take()?;
///     frame.fill(light);
///     Ok(frame)
/// }
///
/// let counts = pipeline! {
///     <u8 -> usize>;
///     pool buffers(frames()) of [u8; FRAME];
///     try_map({
///         let buffers = buffers.clone();
///         move |light: u8| frame(&buffers, light)
///     }) -> pipe -> processor(|frame: &[u8]| frame.iter().filter(|pixel| **pixel > 127).count());
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
    groups.lines().filter_map(|line| left_in_group(Path::new("/sys/fs/cgroup"), line)).min()
}

/// What the groups of a line leave, whose hierarchies are mounted in `root`. A line is `0::PATH` (version 2) or
/// `NUMBER:CONTROLLERS:PATH` (version 1).
fn left_in_group(root: &Path, line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?);
    let (root, limit, usage, cache) = match controllers {
        "" => (root.to_owned(), "memory.max", "memory.current", "inactive_file "),
        some if some.split(',').any(|controller| controller == "memory") => {
            (root.join(controllers), "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ")
        }
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
    let group = root.join(path.trim_start_matches('/'));
    group.ancestors().take_while(|group| group.starts_with(&root)).filter_map(left).min()
}

#[cfg(test)]
mod tests {
    use super::left_in_group;
    use std::fs;
    use std::path::Path;

    fn group(place: &Path, files: [(&str, &str); 3]) {
        fs::create_dir_all(place).unwrap();
        files.into_iter().for_each(|(name, text)| fs::write(place.join(name), text).unwrap());
    }

    #[test]
    fn the_tightest_group_counts() {
        let root = tempfile::tempdir().unwrap();
        let v2 = |limit| {
            [
                ("memory.max", limit),
                ("memory.current", "700\n"),
                ("memory.stat", "anon 1\ninactive_file 200\n"),
            ]
        };
        group(&root.path().join("outer"), v2("1000\n"));
        group(&root.path().join("outer/inner"), v2("max\n"));
        group(&root.path().join("outer/tight"), v2("600\n"));
        let left = |line| left_in_group(root.path(), line);
        assert_eq!(left("0::/outer/inner"), Some(500), "without its cache 500 are in use");
        assert_eq!(left("0::/outer/tight"), Some(100));
        assert_eq!(left("0::/"), None, "the root has no limit");
        assert_eq!(left("0::/elsewhere"), None);
        assert_eq!(left("nonsense"), None);
    }

    #[test]
    fn groups_of_version_1_count_too() {
        let root = tempfile::tempdir().unwrap();
        let v1 = [
            ("memory.limit_in_bytes", "1000"),
            ("memory.usage_in_bytes", "1200"),
            ("memory.stat", "total_inactive_file 300"),
        ];
        group(&root.path().join("cpu,memory/a"), v1);
        assert_eq!(left_in_group(root.path(), "4:cpu,memory:/a"), Some(100));
        assert_eq!(left_in_group(root.path(), "4:cpu:/a"), None);
    }
}
