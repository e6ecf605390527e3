//! One run of one system, in a process of its own: its own clock, and what the kernel says that it used.

use crate::placement::{Placement, cache_line_ns};
use crate::usage;
use crate::workloads::{Outcome, System, Workload};
use std::io::Read;
use std::process::{Command, Stdio};

pub struct Sample {
    pub outcome: Outcome,
    /// Of the process and of all it has waited for.
    pub cpu_s: f64,
    /// Of the largest process.
    pub peak_rss_mib: f64,
    pub placement: Placement,
}

/// What the child does: one run, whose outcome it prints.
pub fn one(workload: &Workload, system: &str) {
    let system = workload.systems.iter().find(|one| one.label() == system).expect("a system of the workload");
    let Outcome { seconds, items, more } = (system.run)();
    let more: Vec<String> = more.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    println!("{seconds} {items} {} {} {}", usage::cpu_s(), usage::peak_rss_mib(), more.join(" "));
}

pub fn sample(workload: &Workload, system: &System) -> Sample {
    let before = cache_line_ns();
    let program = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .args(["one", workload.name, &system.label()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program runs");
    let mut said = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut said).expect("it is text");
    child.wait().expect("it is our child");
    let words: Vec<&str> = said.split_whitespace().collect();
    let [seconds, items, cpu_s, peak_rss_mib, ref more @ ..] = words[..] else {
        panic!("{} failed at {}", system.label(), workload.name);
    };
    let more = more.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].parse().expect("a figure")));
    let after = cache_line_ns();
    Sample {
        outcome: Outcome {
            seconds: seconds.parse().expect("seconds"),
            items: items.parse().expect("a number of items"),
            more: more.collect(),
        },
        cpu_s: cpu_s.parse().expect("seconds"),
        peak_rss_mib: peak_rss_mib.parse().expect("a size"),
        placement: Placement::of(before.max(after)),
    }
}
