//! Which pools wait for what this thread does: a map on one of them would wait for itself.
//!
//! A kernel may run a map on another pool, and a kernel there one on a third. So what is sent to threads says for which
//! pools it is done. Other processes have no pools of this one.

use super::board::Board;
use std::cell::RefCell;

thread_local! {
    /// By the places of their boards.
    static POOLS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Does the pool with this board wait for this thread?
pub(super) fn waits(board: &Board) -> bool {
    POOLS.with_borrow(|pools| pools.contains(&place(board)))
}

/// All that wait for it.
pub(super) fn pools() -> Vec<u64> {
    POOLS.with_borrow(Clone::clone)
}

fn place(board: &Board) -> u64 {
    board.place() as u64
}

/// As long as it lives, further pools wait for this thread.
pub(super) struct Within {
    before: usize,
}

impl Within {
    /// These.
    pub(super) fn of(pools: &[u64]) -> Within {
        POOLS.with_borrow_mut(|all| {
            let before = all.len();
            all.extend_from_slice(pools);
            Within { before }
        })
    }

    /// The pool with this board, whose worker this thread is, and those that wait for what it does.
    pub(super) fn at_work(board: &Board, pools: &[u64]) -> Within {
        let within = Within::of(pools);
        POOLS.with_borrow_mut(|all| all.push(place(board)));
        within
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        POOLS.with_borrow_mut(|all| all.truncate(self.before));
    }
}
