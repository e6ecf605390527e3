//! What a declaration costs whoever edits the program around it: the processor time of an incremental `cargo check`, of a
//! crate with 60 pipelines of ten processors, against the same crate with their code alone. `cargo bench --bench check`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const PIPELINES: u32 = 60;
const ROUNDS: usize = 15;

const STAGES: &str = "
use conveyor::{Failure, Processor, Result};

pub struct Scale(u64);
impl Scale {
    pub fn new(by: u64) -> Result<Scale> {
        if by == 0 { Err(Failure::new(\"by nothing\")) } else { Ok(Scale(by)) }
    }
}
impl Processor for Scale {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        Ok(x.wrapping_mul(self.0))
    }
}

#[derive(Default)]
pub struct Total(u64);
impl Processor for Total {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 = self.0.wrapping_add(x);
        Ok(self.0)
    }
}

pub fn triple(x: u64) -> u64 {
    x.wrapping_mul(3)
}

pub fn half(x: u64) -> u64 {
    x / 2
}
";

/// Ten processors, of every sort that people write.
const DECLARED: &str = "
use crate::stages::*;
use conveyor::{Pipeline, pipeline};

pub fn made(by: u64) -> Pipeline<u64, u64> {
    pipeline! {
        <u64 -> u64>(by: u64);
        processor scale = Scale::new(*by)?;
        processor total = Total::default();
        scale -> pipe -> processor(|x| x + CHANGING) -> pipe(64) -> processor(triple) -> pipe -> replicated fork {
            processor(|x| x ^ 1),
            processor(half),
            processor(|x| x.wrapping_mul(5)),
        } -> pipe -> join zip -> processor(|(a, b, c)| a ^ b ^ c) -> pipe -> balanced fork(2) {
            processor(|x| x.rotate_left(3))
        } -> pipe -> join ordered -> filter(|x| x % 7 != 0) -> pipe -> total
    }
}
";

/// The same code without a pipeline.
const BARE: &str = "
use crate::stages::*;

pub fn made(by: u64) -> conveyor::Result<u64> {
    let constructed = (Scale::new(by)?, Total::default());
    let functions = (triple, half);
    let closures = (
        |x: u64| x + CHANGING,
        |x: u64| x ^ 1,
        |x: u64| x.wrapping_mul(5),
        |(a, b, c): (u64, u64, u64)| a ^ b ^ c,
        |x: u64| x.rotate_left(3),
        |x: &u64| x % 7 != 0,
    );
    drop((constructed, functions, closures));
    Ok(by)
}
";

/// A crate with one module per pipeline.
struct Checked {
    directory: PathBuf,
    module: &'static str,
}

impl Checked {
    fn new(name: &str, module: &'static str) -> Self {
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
        let checked = Checked { directory, module };
        fs::create_dir_all(checked.directory.join("src")).expect("the target directory can be written");
        checked.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                 [dependencies]\nconveyor = {{ path = \"{}\" }}\n[workspace]\n",
                top.display()
            ),
        );
        // The same versions as in the tests, so that nothing is fetched.
        fs::copy(top.join("../Cargo.lock"), checked.directory.join("Cargo.lock"))
            .expect("the workspace has one");
        let modules: String = (0..PIPELINES).map(|number| format!("pub mod m{number};\n")).collect();
        checked.write("src/lib.rs", &format!("pub mod stages;\n{modules}"));
        checked.write("src/stages.rs", STAGES);
        (0..PIPELINES).for_each(|number| checked.change(number, 0));
        checked
    }

    /// Gives the code of one module another constant.
    fn change(&self, number: u32, constant: usize) {
        self.write(&format!("src/m{number}.rs"), &self.module.replace("CHANGING", &constant.to_string()));
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.directory.join(path), text).expect("the target directory can be written");
    }

    /// The processor time of one `cargo check`.
    fn check(&self) -> Duration {
        let before = time_of_children();
        let mut command = Command::new(env!("CARGO"));
        command.args(["check", "--quiet", "--offline"]).current_dir(&self.directory);
        command
            .env("CARGO_TARGET_DIR", self.directory.with_file_name("target"))
            .env("CARGO_INCREMENTAL", "1");
        let status = command.status().expect("cargo runs");
        assert!(status.success(), "{}: {status}", self.directory.display());
        time_of_children() - before
    }
}

/// User and system time of everything that this process has started and waited for, in ticks of a hundredth of a second.
fn time_of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let behind_the_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = behind_the_name.split_ascii_whitespace().collect();
    let [user, system] = [13, 14].map(|field: usize| fields[field].parse::<u64>().expect("it counts"));
    Duration::from_millis((user + system) * 10)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let crates = [Checked::new("declared", DECLARED), Checked::new("bare", BARE)];
    for checked in &crates {
        checked.check();
    }
    for (what, changed) in [("one of them has changed", 1), ("all of them have changed", PIPELINES)] {
        let mut times = [Vec::new(), Vec::new()];
        for round in 1..=ROUNDS {
            for (checked, times) in crates.iter().zip(&mut times) {
                (0..changed).for_each(|number| checked.change(number, round));
                times.push(checked.check());
            }
        }
        let [with, without] = times.map(median);
        let each = with.saturating_sub(without) / PIPELINES;
        let [with, without] = [with, without].map(|time| time.as_millis());
        println!("{what}: {with} ms with the pipelines, {without} ms without, {each:.1?} for each pipeline");
    }
}
