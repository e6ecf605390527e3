//! A program under strace.

use crate::marked::are_gone;
use crate::programs::{DIRECTORY, MARKER, PROGRAM, output, prepare};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::RangeInclusive;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What hangs does so for longer, on any machine.
const DEADLINE: Duration = Duration::from_secs(60);
/// In the environment of one run of a program, and of its workers; its value is nobody else's.
const MARK: &str = "CONVEYOR_TEST_TRACED";

/// What has come of a program.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// One of the programs, and where its trace is.
pub(crate) struct Traced {
    program: &'static str,
    directory: TempDir,
    /// Where this file is, as workers call it.
    file: PathBuf,
}

impl Traced {
    pub(crate) fn new(program: &'static str) -> Traced {
        let directory = tempfile::tempdir().expect("there is room for a directory");
        prepare(directory.path());
        let file = std::env::current_exe().and_then(fs::canonicalize).expect("a test has a file");
        symlink(&file, directory.path().join("program")).expect("there is room");
        Traced { program, directory, file }
    }

    pub(crate) fn program(&self) -> &str {
        self.program
    }

    fn trace(&self) -> PathBuf {
        self.directory.path().join("trace")
    }

    /// Runs the program under strace while this is injected at one of the places of a call.
    ///
    /// # Errors
    /// As [`run`](Traced::run).
    pub(crate) fn inject(&self, fault: &str) -> Result<Outcome, String> {
        let only_at = match fault.split(':').collect::<Vec<_>>()[..] {
            // only workers are started by this name, and each counts from there on
            ["execve", ..] => Some(self.file.clone()),
            // who rings a bell writes, too, and that does not fail
            ["write", "error=EIO", ..] => Some(output(self.directory.path())),
            _ => None,
        };
        let only_at = only_at.map(|path| path.display().to_string());
        let only_at = only_at.iter().flat_map(|path| ["-P", path]);
        let fault = format!("inject={fault}");
        self.run(&only_at.chain(["-e", &fault]).collect::<Vec<_>>())
    }

    /// Runs the program under strace, with `options`.
    ///
    /// # Errors
    /// When it hangs, or something of it is left.
    pub(crate) fn run(&self, options: &[&str]) -> Result<Outcome, String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut command = Command::new("strace");
        command
            .args(["-f", "-qq", "-o"])
            .arg(self.trace())
            .args(options)
            .arg(self.directory.path().join("program"));
        command.env(PROGRAM, self.program).env(DIRECTORY, self.directory.path()).env(MARK, &mark);
        let mut child = command
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("strace is needed: {error}"))?;
        let (stdout, stderr) = (reader(child.stdout.take()), reader(child.stderr.take()));
        let status = wait(&mut child)?;
        let text = |reader: JoinHandle<String>| reader.join().map_err(|_| "a reader has panicked");
        are_gone(MARK, &mark)?;
        let (stdout, stderr) = (text(stdout)?, text(stderr)?);
        Ok(Outcome { code: status.code(), signal: status.signal(), stdout, stderr })
    }

    /// Has a fault happened in the last run, or a kill?
    pub(crate) fn has_injected(&self, is_kill: bool) -> bool {
        let text = fs::read_to_string(self.trace()).expect("strace has written it");
        // of a signal it does not say who has sent it
        text.contains(if is_kill { "killed by SIGKILL" } else { "(INJECTED)" })
    }

    /// Where each call stands in the last trace: behind so many of the loader, and up to so many, in the thread that makes
    /// it most often. Workers have the same loader.
    pub(crate) fn places(&self) -> BTreeMap<String, RangeInclusive<usize>> {
        let text = fs::read_to_string(self.trace()).expect("strace has written it");
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut of_loader = BTreeMap::new();
        for line in text.lines() {
            if line.contains(MARKER) {
                of_loader = counts.iter().map(|((name, _), count)| (*name, *count)).collect();
            }
            if let Some((pid, call)) = line.split_once(' ')
                && let Some((name, _)) = call.trim_start().split_once('(')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            {
                *counts.entry((name, pid)).or_default() += 1;
            }
        }
        let mut places = BTreeMap::new();
        for ((name, _), count) in counts {
            let first = 1 + of_loader.get(name).copied().unwrap_or(0);
            let so_far = places.entry(name.to_owned()).or_insert(first..=0);
            *so_far = first..=count.max(*so_far.end());
        }
        places.retain(|_, range| !range.is_empty());
        places.insert("execve".to_owned(), 1..=1);
        places
    }
}

/// Reads all of it, on a thread of its own: nobody must wait for a full pipe.
fn reader(from: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut from) = from {
            // what cannot be read is missing in the comparison
            let _ = from.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

fn wait(child: &mut Child) -> Result<ExitStatus, String> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        if started.elapsed() > DEADLINE {
            // the program, for strace does not take it with it
            let of_strace = fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id()));
            for pid in of_strace.unwrap_or_default().split_whitespace().filter_map(|pid| pid.parse().ok()) {
                // it may just have ended
                let _ = Pid::from_raw(pid).map(|pid| kill_process(pid, Signal::KILL));
            }
            let _ = child.kill();
            let _ = child.wait();
            return Err("it hangs".to_owned());
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
