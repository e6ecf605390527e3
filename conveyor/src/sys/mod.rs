//! What the operating system gives: shared memory, waiting, processes. Everything that is Linux only lies here.
//!
//! This layer knows nothing of graphs, messages or rings.

#[cfg(target_os = "linux")]
pub(crate) mod clock;
pub(crate) mod cores;
#[cfg(target_os = "linux")]
pub(crate) mod death;
pub(crate) mod entry;
#[cfg(target_os = "linux")]
mod executable;
pub(crate) mod free_memory;
#[cfg(target_os = "linux")]
#[cfg_attr(loom, allow(dead_code))]
pub(crate) mod futex;
pub(crate) mod hook;
#[cfg(target_os = "linux")]
pub(crate) mod interrupt;
#[cfg(target_os = "linux")]
pub(crate) mod order;
pub(crate) mod ours;
#[cfg(target_os = "linux")]
pub(crate) mod panic;
#[cfg(target_os = "linux")]
pub(crate) mod process;
#[cfg(target_os = "linux")]
pub(crate) mod segment;
#[cfg(target_os = "linux")]
pub(crate) mod signals;
#[cfg(target_os = "linux")]
pub(crate) mod stack;
#[cfg(target_os = "linux")]
pub(crate) mod streams;

/// What to answer where workers cannot be processes.
#[cfg(not(target_os = "linux"))]
pub(crate) fn unsupported() -> crate::Error {
    crate::Error::new(crate::ErrorKind::Start, "processes need Linux here; use Context::Threads")
}
