//! The one door for atomics: a model checker replaces this file and nothing else.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering, fence};
