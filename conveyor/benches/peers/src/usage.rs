//! What the kernel says that this process and all it has waited for have used.

use crate::clock::now_ns;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeVal;
use std::os::unix::fs::MetadataExt;

/// What a run has cost until its work was done; its check comes after.
#[derive(Clone, Copy)]
pub struct Spent {
    pub seconds: f64,
    /// Of the process and of all it has waited for.
    pub cpu_s: f64,
    /// Of the largest process.
    pub peak_rss_mib: f64,
}

impl Spent {
    /// To be called when the work has just been done.
    pub fn since(began_ns: u64) -> Spent {
        Spent::taking((now_ns() - began_ns) as f64 / 1e9)
    }

    /// The same when the stages have measured the time.
    pub fn taking(seconds: f64) -> Spent {
        Spent { seconds, cpu_s: cpu_s(), peak_rss_mib: peak_rss_mib() }
    }
}

/// User and system time, in seconds.
pub fn cpu_s() -> f64 {
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    all().iter().map(|used| seconds(used.user_time()) + seconds(used.system_time())).sum()
}

fn peak_rss_mib() -> f64 {
    all().iter().map(|used| used.max_rss() as f64 / 1024.0).fold(0.0, f64::max)
}

fn all() -> [Usage; 2] {
    [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(|whose| getrusage(whose).expect("Linux tells"))
}

/// What the shared memory of this process's running pipelines takes, whoever has touched it.
pub fn shared_mib() -> f64 {
    let files = std::fs::read_dir("/proc/self/fd").expect("Linux").filter_map(Result::ok);
    let ours = files.filter(|file| {
        std::fs::read_link(file.path()).is_ok_and(|path| path.to_string_lossy().contains("memfd:conveyor"))
    });
    let blocks = ours.filter_map(|file| std::fs::metadata(file.path()).ok()).map(|about| about.blocks());
    blocks.sum::<u64>() as f64 * 512.0 / f64::from(1 << 20)
}
