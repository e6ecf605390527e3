//! One run of one system, in a process of its own: its own clock, and what the kernel says that it used.

use crate::placement::{Placement, cache_line_ns};
use crate::scale::Scale;
use crate::usage::Spent;
use crate::workloads::{Outcome, System, Workload};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What one run may take, its check included. Systems that spin need much more when the cores are not theirs alone.
const LIMIT: Duration = Duration::from_secs(40);

pub struct Sample {
    pub outcome: Outcome,
    pub placement: Placement,
}

/// Why there is no figure.
#[derive(Clone, Copy)]
pub enum Fault {
    TimedOut,
    /// The result was wrong, or there was none.
    Failed,
}

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Fault::TimedOut => "timeout",
            Fault::Failed => "failed",
        }
    }
}

/// What the child does: one run, whose outcome it prints.
pub fn one(workload: &Workload, system: &str, scale: Scale) {
    let system = workload.systems.iter().find(|one| one.label() == system).expect("a system of the workload");
    let Outcome { spent, items, more } = (system.run)(scale);
    let more: Vec<String> = more.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    println!("{} {} {} {items} {}", spent.seconds, spent.cpu_s, spent.peak_rss_mib, more.join(" "));
}

pub fn sample(workload: &Workload, system: &System, scale: Scale) -> Result<Sample, Fault> {
    let before = cache_line_ns();
    let said = said_by_child(workload, system, scale)?;
    let after = cache_line_ns();
    let outcome = outcome(&said).ok_or(Fault::Failed)?;
    Ok(Sample { outcome, placement: Placement::of(before, after) })
}

fn said_by_child(workload: &Workload, system: &System, scale: Scale) -> Result<String, Fault> {
    let program = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .args(["one", scale.name(), workload.name, &system.label()])
        .stdout(Stdio::piped())
        .process_group(0) // so that what it starts ends with it
        .spawn()
        .expect("this program runs");
    let said = read_until(&mut child, Instant::now() + LIMIT);
    if said.is_err() {
        let group = Pid::from_raw(child.id().try_into().expect("an id of a process"));
        let _ = killpg(group, Signal::SIGKILL);
    }
    let status = child.wait().expect("it is our child");
    let said = said?;
    if status.success() { Ok(said) } else { Err(Fault::Failed) }
}

/// What it prints until it ends.
fn read_until(child: &mut Child, limit: Instant) -> Result<String, Fault> {
    let mut output = child.stdout.take().expect("it is piped");
    let mut said = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        let left_ms = limit.saturating_duration_since(Instant::now()).as_millis();
        let timeout = PollTimeout::try_from(left_ms).unwrap_or(PollTimeout::MAX);
        let mut ready = [PollFd::new(output.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, timeout) {
            Ok(0) => return Err(Fault::TimedOut),
            Ok(_) => {}
            Err(nix::errno::Errno::EINTR) => continue,
            Err(error) => panic!("a pipe can be waited for: {error}"),
        }
        match output.read(&mut bytes).expect("a pipe can be read") {
            0 => return String::from_utf8(said).map_err(|_| Fault::Failed),
            read => said.extend_from_slice(&bytes[..read]),
        }
    }
}

/// What [`one`] has printed.
fn outcome(said: &str) -> Option<Outcome> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let [seconds, cpu_s, peak_rss_mib, items, ref more @ ..] = words[..] else { return None };
    let figure = |word: &str| word.parse::<f64>().ok();
    let more = more.chunks_exact(2).map(|pair| Some((pair[0].to_owned(), figure(pair[1])?)));
    Some(Outcome {
        spent: Spent {
            seconds: figure(seconds)?,
            cpu_s: figure(cpu_s)?,
            peak_rss_mib: figure(peak_rss_mib)?,
        },
        items: items.parse().ok()?,
        more: more.collect::<Option<_>>()?,
    })
}
