//! Time that is the same in all processes of the machine, and marks that processes leave for each other.

use crate::usage::Spent;
use nix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Nanoseconds of the monotonic clock.
pub fn now_ns() -> u64 {
    let time = clock_gettime(ClockId::CLOCK_MONOTONIC).expect("there is such a clock");
    Duration::from(time).as_nanos() as u64
}

/// Where the first and the last stage of a run write down when they began and ended.
pub struct Marks {
    directory: PathBuf,
}

impl Marks {
    pub fn new() -> Marks {
        let directory = std::env::temp_dir().join(format!("peers-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a temporary directory");
        Marks { directory }
    }

    /// To be handed to the stages.
    pub fn path(&self) -> PathBuf {
        self.directory.clone()
    }

    /// What it took from the beginning to the end, and the checksum.
    pub fn read(&self) -> (Spent, u64) {
        let ended = self.numbers("ended");
        (Spent::taking(self.seconds_until(ended[0])), ended[1])
    }

    /// What it took from the beginning to a moment of this clock.
    pub fn seconds_until(&self, moment_ns: u64) -> f64 {
        (moment_ns - self.numbers("began")[0]) as f64 / 1e9
    }

    fn numbers(&self, name: &str) -> Vec<u64> {
        let text = std::fs::read_to_string(self.directory.join(name)).expect("written by a stage");
        text.split(' ').map(|number| number.parse().expect("a number")).collect()
    }
}

impl Drop for Marks {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

pub fn began(directory: &Path) {
    std::fs::write(directory.join("began"), now_ns().to_string()).expect("the directory is there");
}

pub fn ended(directory: &Path, checksum: u64) {
    let ended = format!("{} {checksum}", now_ns());
    std::fs::write(directory.join("ended"), ended).expect("the directory is there");
}
