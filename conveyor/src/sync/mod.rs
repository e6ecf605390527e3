//! The one door for atomics, and for locks that stand between them: under `cfg(loom)` they are those of the model checker.
//! The models lie beside what they check, in files called `model_tests`.
//!
//! - `mutant`, `puppet`: what the proofs of crash safety need; nothing of it is left without the feature `proof`
//! - `models`: how models are run

#[cfg(all(test, loom))]
pub(crate) mod models;
pub(crate) mod mutant;
pub(crate) mod puppet;

#[cfg(loom)]
pub(crate) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering, fence},
};
#[cfg(not(loom))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering, fence},
};

/// Stands between `SeqCst` operations whose one order matters: the model checker knows of such an order between fences
/// only. Elsewhere it is nothing.
#[inline(always)]
pub(crate) fn in_one_order() {
    #[cfg(loom)]
    fence(Ordering::SeqCst);
}
