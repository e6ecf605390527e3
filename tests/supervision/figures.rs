//! What a program uses of the system, for tests that run in a program of their own: no other test changes it there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

/// If it is set, this is such a program.
const VARIABLE: &str = "CONVEYOR_TEST_ALONE";

/// Runs this test of this binary in a program of its own, unless this is that program: then it is the test's turn.
pub(super) fn is_alone(test: &str) -> bool {
    if std::env::var_os(VARIABLE).is_some() {
        return true;
    }
    let mut program = Command::new(std::env::current_exe().expect("a test has a file"));
    program.args(["--exact", test, "--nocapture"]).env(VARIABLE, "1");
    let output = program.output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    false
}

pub(super) struct Figures {
    pub(super) descriptors: usize,
    /// What is not a file's or shared, in KiB.
    own_memory: u64,
    /// All that runs have, whoever has touched it, in blocks; and how often it is mapped here.
    shared: (u64, usize),
}

impl Figures {
    pub(super) fn now() -> Figures {
        let all = fs::read_dir("/proc/self/fd").expect("the system lists it").flatten();
        let descriptors: Vec<_> = all.map(|entry| entry.path()).collect();
        let is_shared = |name: std::path::PathBuf| name.to_string_lossy().contains("memfd:conveyor");
        let shared = descriptors.iter().filter(|path| fs::read_link(path).is_ok_and(is_shared));
        // one may be a copy that somebody else has made for a worker, and closes just now
        let files = shared.filter_map(|path| fs::metadata(path).ok());
        let blocks: BTreeMap<_, _> = files.map(|file| (file.ino(), file.blocks())).collect();
        let status = fs::read_to_string("/proc/self/status").expect("the system lists it");
        let own_memory = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("it says so");
        let maps = fs::read_to_string("/proc/self/maps").expect("the system lists it");
        Figures {
            descriptors: descriptors.len(),
            own_memory: own_memory.trim().trim_end_matches(" kB").parse().expect("a number of KiB"),
            shared: (
                blocks.into_values().sum(),
                maps.lines().filter(|line| line.contains("memfd:conveyor")).count(),
            ),
        }
    }

    /// Since these figures there is no more shared memory, and less than `slack` KiB more of its own.
    pub(super) fn are_still_so(&self, slack: u64) {
        let now = Figures::now();
        assert!(self.shared.0 > 0, "the run's memory is found");
        assert_eq!(now.shared, self.shared);
        let grown = now.own_memory.saturating_sub(self.own_memory);
        assert!(grown < slack, "{grown} KiB more");
    }
}
