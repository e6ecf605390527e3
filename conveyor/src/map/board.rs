//! Words that the workers of a pool share: where they meet at the end of a map, and which share each has begun.

use crate::array::Order;
use crate::{Context, Error, SharedArray};
use std::sync::atomic::{AtomicU32, Ordering};

/// A line of words for each worker, and one for all.
#[derive(Clone)]
pub(super) struct Board(SharedArray<AtomicU32>);

/// Words of different writers lie so far apart.
const LINE: usize = 32;
/// In a worker's line: the last meeting that it has come to, and the share that it has begun last.
const CAME: usize = 0;
const BEGUN: usize = 1;

impl Board {
    /// # Errors
    /// When there is no memory.
    pub(super) fn new(workers: usize, context: Context) -> Result<Board, Error> {
        let lines = SharedArray::build([workers + 1, LINE]).order(Order::RowMajor).context(context);
        lines.zeros().map(Board)
    }

    pub(super) fn of(words: SharedArray<AtomicU32>) -> Board {
        Board(words)
    }

    pub(super) fn words(&self) -> SharedArray<AtomicU32> {
        self.0.clone()
    }

    /// Which board it is, in this process.
    pub(super) fn place(&self) -> usize {
        self.0.as_slice().as_ptr().addr()
    }

    /// For another run.
    pub(super) fn clear(&self) {
        self.0.as_slice().iter().for_each(|word| word.store(0, Ordering::Relaxed));
    }

    /// The worker begins a share; `false` if that share has been begun before, by a worker that has died in it.
    pub(super) fn begin(&self, worker: usize, share: u32) -> bool {
        self.0[[worker, BEGUN]].swap(share, Ordering::AcqRel) != share
    }

    /// The worker comes to a meeting, and waits until all others are there.
    pub(super) fn meet(&self, worker: usize, meeting: u32) {
        let workers = self.0.shape()[0] - 1;
        if workers == 1 {
            return;
        }
        let bell = &self.0[[workers, 0]];
        self.0[[worker, CAME]].store(meeting, Ordering::SeqCst);
        bell.fetch_add(1, Ordering::SeqCst);
        wake_all(bell);
        loop {
            let rung = bell.load(Ordering::SeqCst);
            // or has gone on to a later one
            let is_there = |worker: usize| {
                let came = self.0[[worker, CAME]].load(Ordering::SeqCst);
                came.wrapping_sub(meeting).cast_signed() >= 0
            };
            if (0..workers).all(is_there) {
                return;
            }
            wait(bell, rung);
        }
    }
}

#[cfg(target_os = "linux")]
use crate::sys::futex::wake_all;

#[cfg(target_os = "linux")]
fn wait(bell: &AtomicU32, rung: u32) {
    let _ = crate::sys::futex::wait(bell, rung, None);
}

#[cfg(not(target_os = "linux"))]
fn wake_all(_: &AtomicU32) {}

#[cfg(not(target_os = "linux"))]
fn wait(_: &AtomicU32, _: u32) {
    std::thread::yield_now();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn nobody_leaves_a_meeting_before_all_have_come() {
        let (board, came) = (Board::new(3, Context::Threads).unwrap(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            let (board, came) = (&board, &came);
            for worker in 0..3 {
                scope.spawn(move || {
                    for meeting in 1..100 {
                        came.fetch_add(1, Ordering::SeqCst);
                        board.meet(worker, meeting);
                        assert!(came.load(Ordering::SeqCst) >= 3 * meeting as usize);
                    }
                });
            }
        });
    }

    #[test]
    fn a_share_that_was_begun_before_is_told() {
        let board = Board::new(2, Context::Threads).unwrap();
        assert!(board.begin(0, 7) && board.begin(1, 7) && !board.begin(0, 7) && board.begin(0, 8));
        board.clear();
        assert!(board.begin(0, 8));
    }
}
