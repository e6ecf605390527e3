//! Storms: real pipelines of every shape, while their workers are killed at random, again and again. What comes out has to
//! be what comes out of an undisturbed run, to the last message and byte.
//!
//! In every `cargo test` each of them is short. Long ones, and a certain one again:
//!
//! ```text
//! STORM_KILLS=10000 cargo test --release --test storms
//! STORM_KILLS=10000 STORM_SEED=17 cargo test --release --test storms -- zips
//! ```
//!
//! The kills are divided among the shapes; a failure names its seed. Kills come at random moments, so a seed makes a
//! failure likely again, and not certain.

#![cfg(target_os = "linux")]

mod acquisition;
mod batches;
mod chunks;
#[path = "../examples/example.rs"]
#[expect(dead_code, reason = "what examples print is looked at elsewhere")]
mod example;
mod files;
mod import;
mod maps;
mod marked;
mod parents;
mod shapes;
mod weather;
