//! Control groups with limits, where the system lets a test make them.

use super::namespaces::pass_on;
use super::untested::not_tested;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// Removed when it is dropped.
pub(super) struct Group(PathBuf);

impl Group {
    /// A group below that of this program, with the first of these limits that the system knows. None where that is not
    /// allowed.
    pub(super) fn new(controller: &str, limits: &[(&str, &str)]) -> Option<Group> {
        let group = Group::made(controller, limits);
        if group.is_none() {
            not_tested(&format!(
                "Limits of control groups were NOT tested: none can be made for `{controller}`."
            ));
        }
        group
    }

    fn made(controller: &str, limits: &[(&str, &str)]) -> Option<Group> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let place = own(controller)?.join(format!("conveyor-test-{}-{number}", std::process::id()));
        fs::create_dir(&place).ok()?;
        let group = Group(place);
        limits.iter().any(|(file, limit)| fs::write(group.0.join(file), limit).is_ok()).then_some(group)
    }

    /// Sets one more limit, where the system knows it.
    pub(super) fn with(self, file: &str, limit: &str) -> Group {
        // a system without swap has no limits of it either
        let _ = fs::write(self.0.join(file), limit);
        self
    }

    /// Runs a program in it.
    pub(super) fn run(&self, command: Command) -> Output {
        let mut inside = Command::new("sh");
        inside.args(["-c", "echo $$ > \"$0\" && exec \"$@\""]).arg(self.0.join("cgroup.procs"));
        pass_on(&mut inside, &command);
        inside.output().expect("it can be started")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // it stays behind if somebody is still in it
        let _ = fs::remove_dir(&self.0);
    }
}

/// That of this program: of the controller, or of all of them.
fn own(controller: &str) -> Option<PathBuf> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let of = |controllers: &str, root: &str| {
        let mut lines = groups.lines().map(|line| line.splitn(3, ':').skip(1));
        let found =
            lines.find_map(|mut parts| parts.next().filter(|name| *name == controllers).and(parts.next()));
        found.map(|path| Path::new(root).join(path.trim_start_matches('/')))
    };
    of(controller, &format!("/sys/fs/cgroup/{controller}")).or_else(|| of("", "/sys/fs/cgroup"))
}
