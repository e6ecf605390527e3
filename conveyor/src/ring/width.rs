//! How many lanes of a balanced fork claim: those with a number below the *width*. The others are parked.
//!
//! One word beside the hint of their claims, which the lanes read before they claim. The caller alone writes it, and wakes
//! the lanes that are concerned; the fences of their bells see to it that a lane which sleeps on has seen the change. It
//! stands among words that lanes write, so a careless one may write over it: any number is a width, and however wide a fork
//! is, its outputs are the same.

use crate::sync::{AtomicU64, Ordering};

#[derive(Clone, Copy)]
pub(crate) struct Width<'m>(&'m AtomicU64);

impl<'m> Width<'m> {
    pub(crate) fn new(word: &'m AtomicU64) -> Width<'m> {
        Width(word)
    }

    /// Of `all` lanes; 0, which nobody has written, stands for all.
    #[inline]
    pub(crate) fn of(self, all: usize) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => all,
            lanes => all.min(lanes as usize),
        }
    }

    /// Is this lane one that is left out for now?
    #[inline]
    pub(crate) fn parks(self, lane: usize) -> bool {
        let lanes = self.0.load(Ordering::Relaxed);
        lanes != 0 && lane as u64 >= lanes
    }

    /// From now on so many lanes claim, at least one.
    pub(crate) fn set(self, lanes: usize) {
        self.0.store(lanes.max(1) as u64, Ordering::Relaxed);
    }
}
