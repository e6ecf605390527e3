//! Many replacements: they take no memory and no descriptors with them. They happen in a program of its own, whose figures
//! no other test changes. `CONVEYOR_RESTARTS=100000 cargo test --release --test supervision soak` is the long form.

use super::victim::{PATIENCE, PLACE, replace};
use crate::harness::Place;
use conveyor::pipeline;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

/// Until everything that is made once has been made.
const WARM_UP: u64 = 30;

/// Descriptors of the last dead worker that may still be open.
const FEW: usize = 5;

fn restarts() -> u64 {
    let wanted = std::env::var("CONVEYOR_RESTARTS").ok();
    wanted.map_or(150, |wanted| wanted.parse().expect("CONVEYOR_RESTARTS is a number"))
}

/// What the allocator may keep, in KiB: some of it anyway, and 20 bytes for each replacement.
fn slack() -> u64 {
    256 + restarts() / 50
}

/// Of the program that has started the run.
struct Figures {
    descriptors: usize,
    /// What is not a file's or shared, in KiB.
    own_memory: u64,
    /// All that the run has, whoever has touched it, in blocks; and how often it is mapped here.
    shared: (u64, usize),
}

impl Figures {
    fn now() -> Figures {
        let all = fs::read_dir("/proc/self/fd").expect("the system lists it").flatten();
        let descriptors: Vec<PathBuf> = all.map(|entry| entry.path()).collect();
        let is_shared = |path: &&PathBuf| {
            fs::read_link(path).is_ok_and(|name| name.to_string_lossy().contains("memfd:conveyor"))
        };
        let blocks =
            |path: &PathBuf| fs::metadata(path).expect("nobody else closes what the run has open").blocks();
        let status = fs::read_to_string("/proc/self/status").expect("the system lists it");
        let own_memory = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("it says so");
        let maps = fs::read_to_string("/proc/self/maps").expect("the system lists it");
        Figures {
            descriptors: descriptors.len(),
            own_memory: own_memory.trim().trim_end_matches(" kB").parse().expect("a number of KiB"),
            shared: (
                descriptors.iter().filter(is_shared).map(blocks).sum(),
                maps.lines().filter(|line| line.contains("memfd:conveyor")).count(),
            ),
        }
    }
}

/// If it is set, this is that program.
const VARIABLE: &str = "CONVEYOR_TEST_SOAK";

#[test]
fn many_replacements_leave_nothing_behind() {
    if std::env::var_os(VARIABLE).is_some() {
        return soak();
    }
    let mut program = Command::new(std::env::current_exe().expect("a test has a file"));
    program.args(["--exact", "supervision::soak::many_replacements_leave_nothing_behind", "--nocapture"]);
    let output = program.env(VARIABLE, "1").output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

fn soak() {
    let row = pipeline! {
        <u64 -> u64>;
        processor victim = |x: u64| x + 1;
        processor(|x| x) -> pipe(64) -> victim -> pipe(64);
    };
    let Place(context, backend, _) = PLACE;
    let mut running = row.context(context).backend(backend).start().expect("it starts");
    let mut before = None;
    for x in 0..WARM_UP + restarts() {
        if x == WARM_UP {
            before = Some(Figures::now());
        }
        replace(&running, "victim", 0);
        running.send(x).expect("there is room");
        assert_eq!(running.recv_timeout(PATIENCE).expect("the replacement gives it"), x + 1);
    }
    let (before, after) = (before.expect("the warm-up is over"), Figures::now());
    assert!(after.descriptors < before.descriptors + FEW);
    assert!(before.shared.0 > 0, "the run's memory is found");
    assert_eq!(after.shared, before.shared);
    let grown = after.own_memory.saturating_sub(before.own_memory);
    assert!(grown < slack(), "{grown} KiB more than after the warm-up");
    let (rest, report) = running.finish().expect("the run succeeds");
    assert_eq!(rest.len(), 0);
    let replaced = report.processor("victim").expect("it is declared").lanes()[0].replaced();
    assert_eq!(replaced, WARM_UP + restarts());
}
