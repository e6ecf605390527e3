//! Which parts of a lent array this process has written: for the first time it finds their pages all at once, which takes
//! a fraction of the time that one fault after the other does.
//!
//! A map deals out its shares as workers come for them, so each worker meets parts that another one had the last time.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering}; // of one process, and a hint: nothing to model

/// In bytes; a share that is not as long touches few pages.
const BLOCK: usize = 1 << 20;

/// Of one mapping.
pub(super) struct Touched {
    blocks: Box<[AtomicBool]>,
    bytes: usize,
}

impl Touched {
    /// Of so many bytes, nothing.
    pub(super) fn new(bytes: usize) -> Touched {
        Touched { blocks: (0..bytes.div_ceil(BLOCK)).map(|_| AtomicBool::new(false)).collect(), bytes }
    }

    /// These bytes will be touched. Returns what has not been touched of the blocks that they lie in; nothing for few bytes.
    pub(super) fn touch(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let of_interest =
            if range.len() < BLOCK / 4 { 0..0 } else { range.start / BLOCK..range.end.div_ceil(BLOCK) };
        of_interest
            .filter(|block| !self.blocks[*block].swap(true, Ordering::Relaxed))
            .map(|block| block * BLOCK..self.bytes.min((block + 1) * BLOCK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_new_once() {
        let touched = Touched::new(2 * BLOCK + 100);
        let touch = |range: Range<usize>| touched.touch(range).collect::<Vec<_>>();
        assert!(touch(0..10).is_empty(), "few bytes");
        assert_eq!(touch(BLOCK / 2..BLOCK - 1).first(), Some(&(0..BLOCK)));
        assert_eq!(touch(BLOCK - 1..2 * BLOCK + 100), [BLOCK..2 * BLOCK, 2 * BLOCK..2 * BLOCK + 100]);
        assert!(touch(0..2 * BLOCK).is_empty());
    }
}
