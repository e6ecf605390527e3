//! Commands that user code starts in a worker: what they get of it, and that nobody waits for them.

use super::namespaces::in_namespaces;
use super::victim::{PLACE, everywhere, kill};
use crate::harness::{Scratch, watched};
use conveyor::pipeline;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the program does, if this is one.
const VARIABLE: &str = "CONVEYOR_TEST_GRANDCHILDREN";

/// The descriptors of a command that is started here, by number.
fn descriptors_of_a_command() -> Vec<String> {
    let mut cat = Command::new("cat");
    let mut cat = cat.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it can be started");
    let (mut to, mut from) = (cat.stdin.take().expect("piped"), cat.stdout.take().expect("piped"));
    // it has opened and closed what it needs by itself when it answers
    to.write_all(b"x").and_then(|()| from.read_exact(&mut [0])).expect("it goes on until its input ends");
    let all = fs::read_dir(format!("/proc/{}/fd", cat.id())).expect("it lives").flatten();
    let mut all: Vec<_> = all.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    all.sort();
    drop(to);
    assert!(cat.wait().expect("it is our child").success());
    all
}

#[test]
fn they_get_the_standard_streams_and_nothing_else() {
    everywhere("descriptors of commands", |place| {
        // whoever has started this test may have left some open for everybody
        let before = descriptors_of_a_command();
        let row = pipeline! {
            <u64 -> String>;
            pool numbers(2) of [u64; 100];
            processor starts = {
                let pool = numbers.clone();
                move |x: u64| {
                    let _chunk = pool.take().expect("the run goes on");
                    format!("{x}: {:?}", descriptors_of_a_command())
                }
            };
            processor(|x| x) -> pipe -> starts -> pipe -> processor(|text: String| text);
        };
        let mut running = place.of(row).start().expect("it starts");
        for x in 0..2 {
            running.send(x).expect("there is room");
            assert_eq!(running.recv().expect("it comes out"), format!("{x}: {before:?}"));
        }
        assert_eq!(descriptors_of_a_command(), before, "of the program itself");
        running.finish().expect("it goes on");
    });
}

/// The numbers of commands that were left behind, as names of files. They are ended with it.
struct LeftBehind(Scratch);

impl LeftBehind {
    fn pids(&self) -> Vec<u32> {
        let all = fs::read_dir(self.0.file("pids")).expect("it was made").flatten();
        all.map(|entry| entry.file_name().to_string_lossy().parse().expect("a number")).collect()
    }
}

impl Drop for LeftBehind {
    fn drop(&mut self) {
        self.pids().into_iter().for_each(kill);
    }
}

/// Its number.
fn leave_behind(seconds: &str, stdout: Stdio) -> u32 {
    let mut sleep = Command::new("sleep");
    sleep.arg(seconds).stdout(stdout).spawn().expect("it can be started").id()
}

/// Every message leaves somebody behind, in every worker that works on it.
fn leave_somebody(pids: &Path) {
    let pid = leave_behind("1000", Stdio::null());
    File::create_new(pids.join(pid.to_string())).expect("there is room");
}

/// They have the pipe of their worker's stderr open, also of one that has died.
#[test]
fn nobody_waits_for_them() {
    everywhere("left behind", |place| {
        let left = LeftBehind(Scratch::new());
        let pids = left.0.file("pids");
        fs::create_dir(&pids).expect("there is room");
        let row = pipeline! {
            <u64 -> u64>(pids: PathBuf = pids.clone());
            processor leaves [on_poison = skip] = |x: u64| {
                leave_somebody(pids);
                if x == 2 {
                    std::process::abort();
                }
                x
            };
            processor(|x| x) -> pipe -> leaves;
        };
        let mut run = place.of(row).dead_letters(left.0.file("letters")).run(0..4);
        let outputs: Vec<u64> = run.by_ref().map(|output| output.expect("it goes on")).collect();
        assert_eq!((outputs, run.report().left_out()), (vec![0, 1, 3], 1));
        let pids = left.pids();
        // who has ended and was not reaped has no file any more
        let lives = |pid: &u32| fs::read_link(format!("/proc/{pid}/exe")).is_ok();
        assert!(pids.len() >= 6 && pids.iter().all(lives), "they are not the run's: {pids:?}");
    });
}

#[test]
fn the_program() {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    let row = pipeline! {
        <u64 -> ()>;
        sink(|_: u64| {
            leave_behind("60", Stdio::inherit());
            println!("left behind");
        })
    };
    row.context(PLACE.0).run_to_end([1]).expect("nobody waits for it");
}

/// It has this test's end of a pipe as its standard output, so that is at its end when it is gone.
#[test]
fn in_a_namespace_they_end_with_the_program() {
    watched("a namespace", PLACE, |_| {
        let mut program = Command::new(std::env::current_exe().expect("a test has a file"));
        program.args(["--exact", "supervision::grandchildren::the_program", "--nocapture"]);
        program.env(VARIABLE, "1");
        let options = ["--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"];
        if let Some(output) = in_namespaces(&options, "true", &program) {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("left behind"), "{output:?}");
        }
    });
}
