//! A thousand messages a second: what each costs in processor time, everything that waits included, and how long it
//! takes to the other end.

use super::{Outcome, System, quantile, system};
use crate::clock::now_ns;
use crate::scale::Scale;
use crate::usage::{Spent, cpu_s};
use conveyor::{Context, Result, Sink, pipeline};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MESSAGES: u64 = 3000;
const PACE: Duration = Duration::from_millis(1);

pub const SYSTEMS: &[System] =
    &[system("conveyor", "processes", ours), system("unix-pipe", "processes", unix_pipe)];

/// Calls at the pace, each call with the time.
fn pace(messages: u64, mut send: impl FnMut(u64)) {
    let began = Instant::now();
    for number in 0..messages as u32 {
        let due = number * PACE;
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        send(now_ns());
    }
}

/// Speeds are compared, so the time is processor time.
fn outcome(messages: u64, cpu_before: f64, mut latencies_ns: Vec<u64>) -> Outcome {
    let spent = Spent::taking(cpu_s() - cpu_before);
    assert_eq!(latencies_ns.len() as u64, messages, "messages were lost or doubled");
    latencies_ns.sort_unstable();
    let at = |share: f64| quantile(&latencies_ns, share) as f64 / 1e3;
    let more = vec![
        ("cpu_us_each".to_owned(), spent.seconds / messages as f64 * 1e6),
        ("p50_us".to_owned(), at(0.5)),
        ("p99_us".to_owned(), at(0.99)),
    ];
    Outcome { spent, items: messages, more }
}

struct Latencies {
    all: Vec<u64>,
    to: PathBuf,
}

impl Sink for Latencies {
    type In = u64;
    fn consume(&mut self, sent: u64) -> Result<()> {
        self.all.push(now_ns() - sent);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        let text: Vec<String> = self.all.iter().map(u64::to_string).collect();
        Ok(std::fs::write(&self.to, text.join(" "))?)
    }
}

fn ours(scale: Scale) -> Outcome {
    let messages = scale.items(MESSAGES);
    let file = std::env::temp_dir().join(format!("peers-paced-{}", std::process::id()));
    let cpu_before = cpu_s();
    let one_pipe = pipeline! {
        <u64 -> ()>(file: PathBuf = file.clone());
        sink(Latencies { all: Vec::new(), to: file.clone() });
    };
    let mut running = one_pipe.context(Context::Processes).start().expect("it starts");
    pace(messages, |now| running.send(now).expect("there is room"));
    running.finish().expect("it ends");
    let text = std::fs::read_to_string(&file).expect("the sink has written");
    let _ = std::fs::remove_file(&file);
    outcome(messages, cpu_before, text.split(' ').map(|number| number.parse().expect("a number")).collect())
}

fn unix_pipe(scale: Scale) -> Outcome {
    let messages = scale.items(MESSAGES);
    let cpu_before = cpu_s();
    let program = std::env::current_exe().expect("this program has a path");
    let mut receiver = Command::new(program)
        .args(["helper", "paced-receiver"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program runs");
    let mut pipe = receiver.stdin.take().expect("it is piped");
    pace(messages, |now| pipe.write_all(&now.to_ne_bytes()).expect("it is received"));
    drop(pipe);
    let said = receiver.wait_with_output().expect("it ends").stdout;
    let text = String::from_utf8(said).expect("numbers");
    outcome(
        messages,
        cpu_before,
        text.split_whitespace().map(|number| number.parse().expect("a number")).collect(),
    )
}

/// The other end of the Unix pipe.
pub fn receiver() {
    let mut stdin = std::io::stdin().lock();
    let mut latencies = Vec::new();
    let mut bytes = [0; 8];
    while stdin.read_exact(&mut bytes).is_ok() {
        latencies.push(now_ns() - u64::from_ne_bytes(bytes));
    }
    latencies.iter().for_each(|latency| println!("{latency}"));
}
