//! Words that the workers of a pool share: where they meet at the end of a map, and which share each has begun.

use crate::array::Order;
use crate::{Context, Error, SharedArray};
use std::sync::atomic::{AtomicU32, Ordering};

/// A line of words for each worker, and one for all.
#[derive(Clone)]
pub(super) struct Board(SharedArray<AtomicU32>);

/// Words of different writers lie so far apart.
const LINE: usize = 32;
/// In a worker's line: the last meeting that it has come to, the share that it has begun last, and whether it has left.
const CAME: usize = 0;
const BEGUN: usize = 1;
const LEFT: usize = 2;

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

    /// The worker has left this run, or is there again, as the replacement of one that has: nobody waits for one that
    /// has left.
    pub(super) fn has_left(&self, worker: usize, left: bool) {
        self.0[[worker, LEFT]].store(u32::from(left), Ordering::SeqCst);
        self.ring();
    }

    fn ring(&self) {
        let bell = &self.0[[self.workers(), 0]];
        bell.fetch_add(1, Ordering::SeqCst);
        wake_all(bell);
    }

    fn workers(&self) -> usize {
        self.0.shape()[0] - 1
    }

    /// The worker comes to a meeting, and waits until all others are there.
    pub(super) fn meet(&self, worker: usize, meeting: u32) {
        let workers = self.workers();
        if workers == 1 {
            return;
        }
        let bell = &self.0[[workers, 0]];
        self.0[[worker, CAME]].store(meeting, Ordering::SeqCst);
        self.ring();
        loop {
            let rung = bell.load(Ordering::SeqCst);
            // or has gone on to a later one
            let is_there = |worker: usize| {
                let came = self.0[[worker, CAME]].load(Ordering::SeqCst);
                let left = self.0[[worker, LEFT]].load(Ordering::SeqCst) == 1;
                left || came.wrapping_sub(meeting).cast_signed() >= 0
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
    fn nobody_waits_for_one_that_has_left() {
        let board = Board::new(2, Context::Threads).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| board.meet(0, 1)); // would wait for ever
            board.has_left(1, true);
        });
        board.has_left(1, false);
        std::thread::scope(|scope| {
            scope.spawn(|| board.meet(0, 2));
            board.meet(1, 2);
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
