//! What the kernel says that this process and all it has waited for have used.

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// User and system time, in seconds.
pub fn cpu_s() -> f64 {
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    all().iter().map(|used| seconds(used.user_time()) + seconds(used.system_time())).sum()
}

/// The largest process's memory.
pub fn peak_rss_mib() -> f64 {
    all().iter().map(|used| used.max_rss() as f64 / 1024.0).fold(0.0, f64::max)
}

fn all() -> [Usage; 2] {
    [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(|whose| getrusage(whose).expect("Linux tells"))
}
