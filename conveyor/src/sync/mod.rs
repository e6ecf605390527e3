//! The one door for atomics: a model checker replaces this file and nothing else.
//!
//! - `mutant`, `puppet`: what the proofs of crash safety need; nothing of it is left without the feature `proof`

pub(crate) mod mutant;
pub(crate) mod puppet;

#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering, fence};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering, fence};
