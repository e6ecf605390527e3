//! How everybody learns that the run is over, or that it is to come to its end; and how a lane waits.

use super::stillness::{Sleeper, Stillness, ready};
use crate::memory::heap::Waits;
use crate::sync::{AtomicBool, Ordering};
use crossbeam_channel::{Receiver, Select, Sender, bounded};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A run's end, called once and for all.
#[derive(Clone)]
pub(crate) struct Halt {
    line: Arc<Line>,
    /// Of the lane that has it.
    sleeper: Option<Sleeper>,
}

struct Line {
    called: AtomicBool,
    winding_down: AtomicBool,
    /// Nothing is ever sent: whoever waits at the other end wakes up when this one is dropped.
    held: Mutex<Option<Sender<Infallible>>>,
    heard: Receiver<Infallible>,
}

impl Halt {
    pub(crate) fn new() -> Halt {
        let (held, heard) = bounded(1);
        let line = Line {
            called: AtomicBool::new(false),
            winding_down: AtomicBool::new(false),
            held: Mutex::new(Some(held)),
            heard,
        };
        Halt { line: Arc::new(line), sleeper: None }
    }

    /// For one lane: whoever asks whether anything moves sees how it waits.
    pub(crate) fn of_lane(&self, stillness: &Arc<Stillness>, lane: usize) -> Halt {
        let sleeper = Sleeper { stillness: stillness.clone(), lane };
        Halt { line: self.line.clone(), sleeper: Some(sleeper) }
    }

    /// Ends the run. Must come before any end of a channel is dropped that has not come to its end.
    pub(crate) fn call(&self) {
        self.line.called.store(true, Ordering::Release);
        self.line.held.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Nothing more is to come into the run.
    pub(crate) fn wind_down(&self) {
        self.line.winding_down.store(true, Ordering::Release);
    }

    #[inline]
    pub(crate) fn is_winding_down(&self) -> bool {
        self.line.winding_down.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn is_called(&self) -> bool {
        self.line.called.load(Ordering::Acquire)
    }

    /// Wakes a waiting thread, too.
    pub(crate) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        select.recv(&self.line.heard);
    }

    /// Sleeps until something of what is watched is there, and says which; `None` at the deadline.
    pub(crate) fn sleep<'a>(&'a self, select: &mut Select<'a>, deadline: Option<Instant>) -> Option<usize> {
        match &self.sleeper {
            Some(sleeper) => sleeper.sleep(select, deadline),
            None => ready(select, deadline),
        }
    }

    /// The lane does nothing any more.
    pub(crate) fn leave(&self) {
        self.sleeper.iter().for_each(Sleeper::leave);
    }
}

/// A lane that waits for a chunk of its pool.
impl Waits for Halt {
    fn may_wait(&self) -> bool {
        self.sleeper.iter().for_each(Sleeper::rest);
        !self.is_called()
    }

    fn goes_on(&self) {
        self.sleeper.iter().for_each(Sleeper::go_on);
    }
}
