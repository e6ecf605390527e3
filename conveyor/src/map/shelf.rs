//! What a running map has given and nobody has taken yet: in order or as it comes, and never more than there may be.
//!
//! Invariant: a share counts from when it is dealt out until its last answer has been taken; so whoever deals knows that
//! there will be room for what comes. Whoever makes room for a share that was lacking it rings for whoever deals.

use super::deal::{Gathered, Taker};
use super::exchange::{Bell, Seat};
use super::gather::values_of;
use super::running::Answer;
use crate::{Message, Result};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
#[cfg(feature = "async")]
use std::task::{Context, Poll};
use std::vec::IntoIter;

/// So many shares for each worker may be under way, or wait to be taken: as many as there may be under way, and as many
/// again.
const SHARES: usize = 2 * super::desk::AHEAD;

/// How much there may be, and in which order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    /// Items under way and answers that wait.
    pub(super) items: Option<usize>,
    pub(super) in_order: bool,
    /// Every share is as long as it should be.
    pub(super) whole_shares: bool,
}

impl Bounds {
    /// As many shares as there may be under way fit in, if there is a choice.
    fn longest(&self, workers: usize) -> usize {
        let all = if self.whole_shares { None } else { self.items };
        all.map_or(usize::MAX, |items| items.div_ceil(super::desk::AHEAD * workers))
    }
}

/// Between the thread that deals out a map and whoever takes the answers.
pub(super) struct Shelf<R> {
    bounds: Bounds,
    state: Mutex<State<R>>,
    changed: Condvar,
}

struct State<R> {
    /// To be taken next, in this order.
    ready: VecDeque<Batch<R>>,
    /// In order: behind others that have not come yet, by their first items.
    early: BTreeMap<usize, Batch<R>>,
    /// In order: the item behind what was ready.
    turn: usize,
    /// Items and shares that count.
    items: usize,
    shares: usize,
    /// No further shares are wanted.
    stopped: bool,
    /// Nobody takes anything any more.
    unread: bool,
    ended: bool,
    /// Of the pool.
    workers: usize,
    /// There was no room for a share that should have so many items, and whoever deals is to be told when there is.
    lacks_room: Option<usize>,
    bell: Option<Bell>,
    /// Somebody waits for an answer, or for the end.
    waits: bool,
    wakes: Option<Waker>,
}

/// The answers of a share.
struct Batch<R> {
    first: usize,
    items: usize,
    worker: usize,
    values: IntoIter<R>,
    /// The item that comes next, unless it has no answer.
    next: usize,
    missing: VecDeque<(u64, u64)>,
}

impl<R> Batch<R> {
    /// The index of the next answer.
    fn index(&mut self) -> usize {
        while let Some((start, end)) = self.missing.front()
            && *start as usize == self.next
        {
            self.next = *end as usize;
            self.missing.pop_front();
        }
        self.next += 1;
        self.next - 1
    }
}

impl<R> Shelf<R> {
    pub(super) fn new(bounds: Bounds) -> Self {
        let state = State {
            ready: VecDeque::new(),
            early: BTreeMap::new(),
            turn: 0,
            items: 0,
            shares: 0,
            stopped: false,
            unread: false,
            ended: false,
            workers: 1,
            lacks_room: None,
            bell: None,
            waits: false,
            wakes: None,
        };
        Shelf { bounds, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// A panic leaves the state whole: what is done under its lock cannot panic.
    fn state(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for whoever deals.
    fn wait<'s>(&self, mut state: MutexGuard<'s, State<R>>) -> MutexGuard<'s, State<R>> {
        state.waits = true;
        let mut state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.waits = false;
        state
    }

    /// Waits for the next answer; none if there will be no more.
    pub(super) fn take(&self) -> Option<Answer<R>> {
        let mut state = self.state();
        loop {
            if let Some(answer) = state.next() {
                self.made_room(state);
                return Some(answer);
            }
            if state.ended {
                return None;
            }
            state = self.wait(state);
        }
    }

    /// The same for a task, which is woken when there is one.
    #[cfg(feature = "async")]
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Answer<R>>> {
        let waker = context.waker().clone(); // user code: not under the lock
        let mut state = self.state();
        if let Some(answer) = state.next() {
            self.made_room(state);
            return Poll::Ready(Some(answer));
        }
        if state.ended {
            return Poll::Ready(None);
        }
        let before = state.wakes.replace(waker);
        drop(state);
        drop(before);
        Poll::Pending
    }

    /// There will be no more answers, and how the map has ended is known.
    pub(super) fn has_ended(&self) -> bool {
        self.state().ended
    }

    pub(super) fn wait_for_end(&self) {
        let mut state = self.state();
        while !state.ended {
            state = self.wait(state);
        }
    }

    /// Rings, if that was lacking.
    fn made_room(&self, mut state: MutexGuard<'_, State<R>>) {
        let is_told = state.lacks_room.is_some_and(|wanted| state.room(self.bounds, wanted) != Some(0));
        let bell = if is_told { state.bell.clone() } else { None };
        if is_told {
            state.lacks_room = None;
        }
        drop(state);
        if let Some(bell) = bell {
            bell.ring();
        }
    }

    /// No further shares.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        self.made_room(state);
    }

    /// Nobody takes anything any more.
    pub(super) fn read_no_more(&self) {
        let mut state = self.state();
        state.unread = true;
        let (ready, early) = (std::mem::take(&mut state.ready), std::mem::take(&mut state.early));
        self.made_room(state);
        drop((ready, early)); // user code: not under the lock
    }

    fn change(&self, change: impl FnOnce(&mut State<R>)) {
        let mut state = self.state();
        change(&mut state);
        let (wakes, waits) = (state.wakes.take(), state.waits);
        drop(state);
        if waits {
            self.changed.notify_all();
        }
        if let Some(waker) = wakes {
            waker.wake();
        }
    }

    fn lay_down(&self, batch: Batch<R>) {
        let mut left = None;
        self.change(|state| {
            if state.unread {
                left = Some(batch);
            } else if self.bounds.in_order {
                state.early.insert(batch.first, batch);
                while let Some(batch) = state.early.remove(&state.turn) {
                    state.turn += batch.items;
                    state.offer(batch);
                }
            } else {
                state.offer(batch);
            }
        });
        drop(left); // user code: not under the lock
    }
}

impl<R> State<R> {
    fn offer(&mut self, batch: Batch<R>) {
        self.items -= batch.items - batch.values.len();
        if batch.values.len() > 0 {
            self.ready.push_back(batch);
        } else {
            self.shares -= 1;
        }
    }

    fn next(&mut self) -> Option<Answer<R>> {
        let batch = self.ready.front_mut()?;
        let (worker, value) = (batch.worker, batch.values.next()?);
        let index = batch.index();
        self.items -= 1;
        if batch.values.len() == 0 {
            self.ready.pop_front();
            self.shares -= 1;
        }
        Some(Answer { index, worker, value })
    }

    /// How many items the next share may have, which should have so many. Where items are counted, none until there is room
    /// for all that are wanted, or for half of those there may be: else whoever takes one answer at a time would get shares
    /// of one item.
    fn room(&self, bounds: Bounds, wanted: usize) -> Option<usize> {
        let Bounds { items, whole_shares, .. } = bounds;
        match items {
            _ if self.stopped => None,
            _ if self.unread => Some(usize::MAX),
            Some(most) => {
                let free = most.saturating_sub(self.items);
                let enough = wanted.min(if whole_shares { most } else { most.div_ceil(2) });
                Some(if free < enough { 0 } else { free.max(if whole_shares { wanted } else { 0 }) })
            }
            None if self.shares >= SHARES * self.workers => Some(0),
            None => Some(usize::MAX),
        }
    }
}

/// The side of whoever deals out the map. Without it nothing more comes.
pub(super) struct Offers<R> {
    pub(super) shelf: Arc<Shelf<R>>,
}

impl<R: Message> Taker for Offers<R> {
    fn begins(&mut self, seat: &Seat) {
        let mut state = self.shelf.state();
        (state.workers, state.bell) = (seat.workers(), Some(seat.bell()));
    }

    fn longest(&self, workers: usize) -> usize {
        self.shelf.bounds.longest(workers)
    }

    fn room(&self, wanted: usize) -> Option<usize> {
        self.shelf.state().room(self.shelf.bounds, wanted)
    }

    fn lacks_room(&self, wanted: usize) -> bool {
        let mut state = self.shelf.state();
        let lacks = state.room(self.shelf.bounds, wanted) == Some(0);
        state.lacks_room = lacks.then_some(wanted);
        lacks
    }

    fn dealt(&mut self, items: usize) {
        let mut state = self.shelf.state();
        state.items += items;
        state.shares += 1;
    }

    fn take(&mut self, share: Gathered<'_>) -> Result<()> {
        let (values, missing) = (values_of(share)?.into_iter(), share.missing.iter().copied().collect());
        let Gathered { first, items, worker, .. } = share;
        self.shelf.lay_down(Batch { first, items, worker, values, next: first, missing });
        Ok(())
    }
}

impl<R> Drop for Offers<R> {
    fn drop(&mut self) {
        self.shelf.change(|state| state.ended = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Map, Workers};

    #[test]
    fn of_a_bounded_number_of_items_every_worker_gets_two_shares() {
        let bounds = Bounds { items: Some(800), ..Bounds::default() };
        assert_eq!([1, 4, 1000].map(|workers| bounds.longest(workers)), [400, 100, 1]);
        assert_eq!(Bounds { whole_shares: true, ..bounds }.longest(4), usize::MAX);
        assert_eq!(Bounds::default().longest(4), usize::MAX);
    }

    #[test]
    fn shares_are_no_longer_than_that() {
        let workers = Workers::builder().number(2).context(Context::Threads).start().unwrap();
        let map = Map::over(0..800_u64).workers(&workers).ahead(8).start(|job| job.item).unwrap();
        let report = map.for_each_answer(|_| ()).unwrap().report;
        let shares: usize = report.workers.iter().map(|worker| worker.shares).sum();
        assert!(shares >= 400, "two items each at most: {shares}");
    }
}
