//! Conveyor beside its peers, on the same work, in one run.
//!
//! `cargo run --release --manifest-path conveyor/benches/peers/Cargo.toml -- WORKLOAD` (or `all`, or `list`). Every
//! system of a workload runs in a process of its own, in turns with the others; each checks its own result. One JSON
//! line per system, then one line per rival: `ratio WORKLOAD ours/RIVAL VALUE`, speed against speed, more is better.
//! `quick` before it: one turn with a 20th of the work, to see that everything works; its figures mean little.

mod clock;
mod compare;
mod measure;
mod placement;
mod scale;
mod summary;
mod usage;
mod work;
mod workloads;

use compare::{compare, compare_all};
use scale::Scale;
use std::process::ExitCode;
use workloads::WORKLOADS;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => WORKLOADS.iter().for_each(|workload| println!("{:16} {}", workload.name, workload.about)),
        ["one", scale, workload, system] => {
            measure::one(workloads::find(workload), system, Scale::of_name(scale));
        }
        ["helper", name, ref arguments @ ..] => workloads::help(name, arguments),
        ["quick", ref names @ ..] => return run(names, Scale::Quick),
        ref names => return run(names, Scale::Full),
    }
    ExitCode::SUCCESS
}

fn run(names: &[&str], scale: Scale) -> ExitCode {
    match *names {
        ["all"] => compare_all(scale),
        [name] if WORKLOADS.iter().any(|workload| workload.name == name) => {
            compare(workloads::find(name), scale, compare::turns_max(scale));
        }
        _ => {
            eprintln!("usage: peers-bench [quick] WORKLOAD | [quick] all | list");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
