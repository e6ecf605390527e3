//! How often a pixel of one colour was followed by a pixel of another.

use conveyor::Message;
use std::fmt;

use super::scene::{COLOURS, FRAME};

/// From each colour (row) to each colour (column).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub(crate) struct Transitions([[u64; COLOURS]; COLOURS]);

impl Transitions {
    /// Adds what happens between neighbouring frames.
    pub(crate) fn watch(&mut self, frames: &[u8]) {
        let (before, after) = (frames.chunks_exact(FRAME), frames.chunks_exact(FRAME).skip(1));
        for (before, after) in before.zip(after) {
            for (from, to) in before.iter().zip(after) {
                self.0[usize::from(*from)][usize::from(*to)] += 1;
            }
        }
    }

    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Transitions) {
        for (sum, part) in self.0.as_flattened_mut().iter_mut().zip(other.0.as_flattened()) {
            *sum += part;
        }
    }
}

impl fmt::Display for Transitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            for count in row {
                write!(f, "{count:>9}")?;
            }
            writeln!(f)?;
        }
        write!(f, "{} transitions", self.0.as_flattened().iter().sum::<u64>())
    }
}
