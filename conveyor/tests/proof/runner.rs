//! Runs each test in a process of its own, as many at a time as there are cores. So a test that hangs or breaks down is one
//! that has failed, and the processes that tests fork come from one with a single thread.

use std::collections::BTreeMap;
use std::io::{PipeReader, Read, Write, pipe};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

/// What a test says when it has passed, or why it has not.
pub(crate) type Outcome = Result<String, String>;

/// Tests by name.
#[derive(Default)]
pub(crate) struct Tests(Vec<(String, Box<dyn Fn() -> Outcome>)>);

/// A test that takes longer hangs: seconds, for each round.
const PATIENCE_S: u32 = 120;

/// How many times each shape is gone through, each time with other chances: `CONVEYOR_PROOF=100` is the long run.
pub(crate) fn rounds() -> u32 {
    std::env::var("CONVEYOR_PROOF").map_or(1, |rounds| rounds.parse().expect("CONVEYOR_PROOF is a number"))
}

/// A test under way.
struct Underway {
    name: String,
    started: Instant,
    said: PipeReader,
}

impl Tests {
    pub(crate) fn add(&mut self, name: impl Into<String>, test: impl Fn() -> Outcome + 'static) {
        self.0.push((name.into(), Box::new(test)));
    }

    /// Runs those whose name contains an argument; all, if there is none. Understands what test runners ask.
    pub(crate) fn run(self) -> ExitCode {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        if has("--list") {
            let listed = self.0.iter().filter(|_| !has("--ignored"));
            listed.for_each(|(name, _)| println!("{name}: test"));
            return ExitCode::SUCCESS;
        }
        let asked: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
        let is_asked = |name: &str| {
            let fits = |part: &&String| if has("--exact") { name == **part } else { name.contains(&***part) };
            asked.is_empty() || asked.iter().any(fits)
        };
        let (mut passed, mut failed) = (0, 0);
        let mut underway = BTreeMap::new();
        let cores = available_parallelism().map_or(1, usize::from);
        let mut left = self.0.iter().filter(|(name, _)| is_asked(name));
        loop {
            while underway.len() < cores
                && let Some((name, test)) = left.next()
            {
                let (pid, test) = start(name, test);
                underway.insert(pid, test);
            }
            let Some((test, status)) = next_to_end(&mut underway) else {
                break;
            };
            if test.report(status) { passed += 1 } else { failed += 1 }
        }
        println!("test result: {passed} passed; {failed} failed");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn start(name: &str, test: &dyn Fn() -> Outcome) -> (libc::pid_t, Underway) {
    let (said, mut says) = pipe().expect("a pipe");
    // SAFETY: this process has one thread, so the child finds every lock free.
    match unsafe { libc::fork() } {
        -1 => panic!("no process: {}", std::io::Error::last_os_error()),
        0 => {
            // SAFETY: plain calls.
            unsafe {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                libc::alarm(PATIENCE_S * rounds());
            }
            let outcome = test();
            let code = i32::from(outcome.is_err());
            let (Ok(text) | Err(text)) = outcome;
            let text = text.get(..2000).unwrap_or(&text);
            let _ = says.write_all(text.as_bytes());
            // SAFETY: nothing of the parent's is to be cleaned up here.
            unsafe { libc::_exit(code) }
        }
        pid => (pid, Underway { name: name.to_owned(), started: Instant::now(), said }),
    }
}

fn next_to_end(underway: &mut BTreeMap<libc::pid_t, Underway>) -> Option<(Underway, i32)> {
    while !underway.is_empty() {
        let mut status = 0;
        // SAFETY: the status has a place.
        let pid = unsafe { libc::waitpid(-1, &mut status, 0) };
        if let Some(test) = underway.remove(&pid) {
            return Some((test, status));
        }
    }
    None
}

impl Underway {
    /// Has it passed?
    fn report(mut self, status: i32) -> bool {
        let mut text = String::new();
        let _ = self.said.read_to_string(&mut text);
        let (name, seconds) = (&self.name, self.started.elapsed().as_secs_f64());
        let passed = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
        if libc::WIFSIGNALED(status) {
            text = format!("it ended with signal {} (14: it took too long)", libc::WTERMSIG(status));
        }
        println!("{} {name} ({seconds:.1} s): {text}", if passed { "ok    " } else { "FAILED" });
        passed
    }
}
