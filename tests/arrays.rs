//! Shared arrays, in every context: who sees what, who may write, and that nothing stays behind.

#[macro_use]
#[path = "conformance/harness.rs"]
#[allow(dead_code, reason = "these tests need not all of it")]
mod harness;

mod arrays {
    #[cfg(target_os = "linux")]
    mod named;
    mod parameter;
    #[cfg(target_os = "linux")]
    mod python;
    #[cfg(target_os = "linux")]
    #[path = "../supervision/untested.rs"]
    mod untested;
}
