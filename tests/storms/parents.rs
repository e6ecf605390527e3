//! The program itself is killed, at any moment, also while it starts its workers: nothing of it is left.

use crate::marked::{PATIENCE, are_gone};
use crate::weather::{MANY, kills, seed, shelter};
use conveyor::pipeline;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Set in a program that is to be killed, and in its workers; its value is nobody else's.
const MARK: &str = "CONVEYOR_TEST_VICTIM";
/// A program lives no longer.
const LIFE: Duration = Duration::from_millis(120);
/// What each of them takes of shared memory, at least, in bytes.
const SHARED: usize = 32 << 20;

/// The program that is killed; and an ordinary test, if nobody kills it.
#[test]
fn program() {
    let _shelter = shelter();
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) [restart = on_crash(MANY)] -> pipe(SHARED / 8) [limit_bytes = SHARED]
            -> balanced fork(2) { processor(|x| x * 2) [restart = on_crash(MANY)] } -> pipe -> join ordered
    };
    let is_victim = std::env::var_os(MARK).is_some();
    let count = if is_victim { u64::MAX } else { 1000 };
    let outputs = row.run(0..count).map(|output| output.unwrap_or_else(|error| panic!("{error}")));
    assert!(outputs.zip(0..).all(|(output, x)| output == (x + 1) * 2));
}

/// Shared memory in use, in bytes.
fn shared_memory() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").expect("the system lists it");
    let line = text.lines().find_map(|line| line.strip_prefix("Shmem:")).expect("it says so");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of kB") << 10
}

#[test]
fn parents() {
    let _shelter = shelter();
    let (seed, programs) = (seed(), kills().max(10));
    eprintln!("STORM_SEED={seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    let before = shared_memory();
    for number in 0..programs {
        let mark = format!("{}-{number}", std::process::id());
        let mut program = Command::new(std::env::current_exe().expect("a test knows where it is"))
            .args(["--exact", "parents::program"])
            .env(MARK, &mark)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it can be started");
        let end = Instant::now() + LIFE.mul_f64(rng.f64());
        while Instant::now() < end {
            std::thread::yield_now();
        }
        program.kill().expect("it does not end by itself");
        let pid = program.id();
        let status = program.wait().expect("it has ended");
        assert!(!status.success(), "it does not end by itself");
        are_gone(MARK, &mark).unwrap_or_else(|left| panic!("{left}"));
        let names = fs::read_dir("/dev/shm").expect("the system lists it").flatten();
        let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        assert!(!names.any(|name| name.starts_with(&format!("conveyor-{pid}-"))));
    }
    // others may use shared memory, too: so it has to be much that is missing
    let leaked = programs * SHARED as u64 / 2;
    let started = Instant::now();
    while shared_memory().saturating_sub(before) >= leaked {
        let more = shared_memory().saturating_sub(before);
        assert!(started.elapsed() < PATIENCE, "shared memory is left: {more} bytes more than before");
        std::thread::yield_now();
    }
}
