//! Processes that are known by a variable in their environment, which their children inherit.

use std::fs;
use std::time::{Duration, Instant};

/// Whoever is still there then stays.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The processes that have this variable with this value, and have not ended.
fn marked(variable: &str, value: &str) -> Vec<String> {
    let mark = format!("{variable}={value}");
    let is_marked = |process: &String| {
        let environment = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|word| word == mark.as_bytes())
    };
    let all = fs::read_dir("/proc").expect("the system lists it").flatten();
    all.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(is_marked).collect()
}

/// Waits until none of them is left: whoever is killed ends a moment later.
///
/// # Errors
/// Names those that stay.
pub(crate) fn are_gone(variable: &str, value: &str) -> Result<(), String> {
    let started = Instant::now();
    loop {
        match marked(variable, value) {
            left if left.is_empty() => return Ok(()),
            left if started.elapsed() > PATIENCE => return Err(format!("processes are left: {left:?}")),
            _ => std::thread::yield_now(),
        }
    }
}
