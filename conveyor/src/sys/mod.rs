//! What the operating system gives: shared memory, waiting, processes. Everything that is Linux only lies here.
//!
//! This layer knows nothing of graphs, messages or rings.

#[cfg(target_os = "linux")]
pub(crate) mod futex;
#[cfg(target_os = "linux")]
pub(crate) mod segment;
