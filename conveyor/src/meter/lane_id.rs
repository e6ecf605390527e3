//! Which worker of its processor some code runs in.

use super::at_work;
use std::cell::Cell;

/// One of the workers of a processor; see [`lane`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaneId {
    index: usize,
    of: usize,
}

impl LaneId {
    /// Which worker, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// How many workers the processor has: 1 outside balanced forks.
    pub fn of(self) -> usize {
        self.of
    }
}

thread_local! {
    static CURRENT: Cell<LaneId> = const { Cell::new(LaneId { index: 0, of: 1 }) };
}

/// The worker that the calling code runs in: inside `balanced fork(n)`, each has a number of its own.
///
/// Constructors, closures and the methods of processors may ask, on the worker's own thread; anywhere else the answer
/// is worker 0 of 1.
///
/// ```
/// let numbers = conveyor::pipeline! {
///     <u64 -> u64>;
///     processor(|x| x) -> pipe -> balanced fork(2) { processor(|x| x * 10 + conveyor::lane().index() as u64) }
///         -> pipe -> join ordered
/// };
/// for (x, number) in numbers.run(0..100).enumerate() {
///     assert!(number? - 10 * x as u64 <= 1);
/// }
/// assert_eq!(conveyor::lane().of(), 1);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub fn lane() -> LaneId {
    CURRENT.get()
}

/// What this thread worked for, when a run of its own begins in the middle of it: it goes on with that when this is dropped.
pub(crate) struct Outside {
    lane: LaneId,
    at_work: at_work::Outside,
}

/// The next workers that this thread [enters](enter) are of a run inside of what it does.
pub(crate) fn inside() -> Outside {
    Outside { lane: lane(), at_work: at_work::inside() }
}

impl Drop for Outside {
    fn drop(&mut self) {
        CURRENT.set(self.lane);
        self.at_work.restore();
    }
}

/// This thread works for that worker from now on.
pub(crate) fn enter(index: usize, of: usize) {
    CURRENT.set(LaneId { index, of });
    at_work::leave();
}
