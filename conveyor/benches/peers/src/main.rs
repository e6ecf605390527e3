//! Conveyor beside its peers, on the same work, in one run.
//!
//! `cargo run --release --manifest-path conveyor/benches/peers/Cargo.toml -- WORKLOAD` (or `all`, or `list`). Every
//! system of a workload runs in a process of its own, in turns with the others; each checks its own result. One JSON
//! line per system, then one line per rival: `ratio WORKLOAD ours/RIVAL VALUE`, speed against speed, more is better.

mod clock;
mod measure;
mod placement;
mod summary;
mod usage;
mod work;
mod workloads;

use std::process::ExitCode;
use workloads::{WORKLOADS, Workload};

const ROUNDS: usize = 5;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => WORKLOADS.iter().for_each(|workload| println!("{:16} {}", workload.name, workload.about)),
        ["all"] => WORKLOADS.iter().for_each(compare),
        ["one", workload, system] => measure::one(find(workload), system),
        ["helper", name, ref arguments @ ..] => workloads::help(name, arguments),
        [name] if WORKLOADS.iter().any(|workload| workload.name == name) => compare(find(name)),
        _ => {
            eprintln!("usage: peers-bench WORKLOAD | all | list");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn find(name: &str) -> &'static Workload {
    WORKLOADS.iter().find(|workload| workload.name == name).expect("a workload from the list")
}

/// All systems in turns, until each has enough samples with the cores placed alike.
fn compare(workload: &Workload) {
    let mut samples: Vec<_> = workload.systems.iter().map(|_| Vec::new()).collect();
    for round in 0.. {
        for (system, samples) in workload.systems.iter().zip(&mut samples) {
            samples.push(measure::sample(workload, system));
        }
        if summary::placement(&samples).1 >= ROUNDS || round + 1 >= 2 * ROUNDS {
            break;
        }
    }
    summary::print(workload, &samples);
}
