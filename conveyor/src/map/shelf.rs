//! What a running map has given and nobody has taken yet: in order or as it comes, and never more than there may be.
//!
//! Invariant: a share counts from when it is dealt out until its last answer has been taken; so whoever deals knows that
//! there will be room for what comes.

use super::deal::{Gathered, Taker};
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
    next: usize,
    /// Items and shares that count.
    items: usize,
    shares: usize,
    /// No further shares are wanted.
    stopped: bool,
    /// Nobody takes anything any more.
    unread: bool,
    ended: bool,
    /// Whoever waits for room, or for an answer: one each at most.
    waits_for_room: bool,
    waits_for_answer: bool,
    wakes: Option<Waker>,
}

/// The answers of a share; none if it has failed.
struct Batch<R> {
    first: usize,
    items: usize,
    worker: usize,
    values: IntoIter<R>,
}

impl<R> Shelf<R> {
    pub(super) fn new(bounds: Bounds) -> Self {
        let state = State {
            ready: VecDeque::new(),
            early: BTreeMap::new(),
            next: 0,
            items: 0,
            shares: 0,
            stopped: false,
            unread: false,
            ended: false,
            waits_for_room: false,
            waits_for_answer: false,
            wakes: None,
        };
        Shelf { bounds, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// A panic leaves the state whole: what is done under its lock cannot panic.
    fn state(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<R>>) -> MutexGuard<'s, State<R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next answer; none if there will be no more.
    pub(super) fn take(&self) -> Option<Answer<R>> {
        let mut state = self.state();
        loop {
            if let Some(answer) = self.next(&mut state) {
                return Some(answer);
            }
            if state.ended {
                return None;
            }
            state.waits_for_answer = true;
            state = self.wait(state);
            state.waits_for_answer = false;
        }
    }

    /// The same for a task, which is woken when there is one.
    #[cfg(feature = "async")]
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Answer<R>>> {
        let waker = context.waker().clone(); // user code: not under the lock
        let mut state = self.state();
        if let Some(answer) = self.next(&mut state) {
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

    fn next(&self, state: &mut State<R>) -> Option<Answer<R>> {
        let batch = state.ready.front_mut()?;
        let index = batch.first + batch.items - batch.values.len();
        let (worker, value) = (batch.worker, batch.values.next()?);
        state.items -= 1;
        if batch.values.len() == 0 {
            state.ready.pop_front();
            state.shares -= 1;
        }
        if state.waits_for_room {
            self.changed.notify_all();
        }
        Some(Answer { index, worker, value })
    }

    /// No further shares.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    /// Nobody takes anything any more.
    pub(super) fn read_no_more(&self) {
        let mut state = self.state();
        state.unread = true;
        let (ready, early) = (std::mem::take(&mut state.ready), std::mem::take(&mut state.early));
        drop(state);
        self.changed.notify_all();
        drop((ready, early)); // user code: not under the lock
    }

    fn change(&self, change: impl FnOnce(&mut State<R>)) {
        let mut state = self.state();
        change(&mut state);
        let (wakes, waits) = (state.wakes.take(), state.waits_for_answer);
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
                while let Some(batch) = state.early.remove(&state.next) {
                    state.next += batch.items;
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
        if batch.values.len() > 0 {
            self.ready.push_back(batch);
        } else {
            self.items -= batch.items;
            self.shares -= 1;
        }
    }
}

/// The side of whoever deals out the map. Without it nothing more comes.
pub(super) struct Offers<R> {
    pub(super) shelf: Arc<Shelf<R>>,
    pub(super) workers: usize,
}

impl<R> Offers<R> {
    /// Where items are counted, none until there is room for all that are wanted, or for half of those there may be: else
    /// whoever takes one answer at a time would get shares of one item.
    fn room_in(&self, state: &State<R>, wanted: usize) -> Option<usize> {
        let Bounds { items, whole_shares, .. } = self.shelf.bounds;
        match items {
            _ if state.stopped => None,
            _ if state.unread => Some(usize::MAX),
            Some(most) => {
                let free = most.saturating_sub(state.items);
                let enough = wanted.min(if whole_shares { most } else { most.div_ceil(2) });
                Some(if free < enough { 0 } else { free.max(if whole_shares { wanted } else { 0 }) })
            }
            None if state.shares >= SHARES * self.workers => Some(0),
            None => Some(usize::MAX),
        }
    }
}

impl<R: Message> Taker for Offers<R> {
    fn begins(&mut self, workers: usize) {
        self.workers = workers;
    }

    fn room(&self, wanted: usize) -> Option<usize> {
        self.room_in(&self.shelf.state(), wanted)
    }

    fn wait_for_room(&self, wanted: usize) {
        let mut state = self.shelf.state();
        while self.room_in(&state, wanted) == Some(0) {
            state.waits_for_room = true;
            state = self.shelf.wait(state);
            state.waits_for_room = false;
        }
    }

    fn dealt(&mut self, items: usize) {
        let mut state = self.shelf.state();
        state.items += items;
        state.shares += 1;
    }

    fn take(&mut self, share: Gathered<'_>) -> Result<()> {
        let Gathered { first, items, worker, .. } = share;
        self.shelf.lay_down(Batch { first, items, worker, values: values_of(share)?.into_iter() });
        Ok(())
    }

    fn failed(&mut self, first: usize, items: usize) {
        self.shelf.lay_down(Batch { first, items, worker: 0, values: Vec::new().into_iter() });
    }
}

impl<R> Drop for Offers<R> {
    fn drop(&mut self) {
        self.shelf.change(|state| state.ended = true);
    }
}
