//! How everybody learns that the run is over, or that it is to come to its end; and how a lane waits.

use super::stillness::{Stillness, ready};
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
    /// That has it.
    lane: Option<usize>,
}

struct Line {
    called: AtomicBool,
    winding_down: AtomicBool,
    /// Nothing is ever sent: whoever waits at the other end wakes up when this one is dropped.
    held: Mutex<Option<Sender<Infallible>>>,
    heard: Receiver<Infallible>,
    lanes: Stillness,
}

impl Halt {
    /// Of a run with these lanes.
    pub(crate) fn new(lanes: Stillness) -> Halt {
        let (held, heard) = bounded(1);
        let line = Line {
            called: AtomicBool::new(false),
            winding_down: AtomicBool::new(false),
            held: Mutex::new(Some(held)),
            heard,
            lanes,
        };
        Halt { line: Arc::new(line), lane: None }
    }

    /// For one lane: whoever asks whether anything moves sees how it waits.
    pub(crate) fn of_lane(&self, lane: usize) -> Halt {
        Halt { line: self.line.clone(), lane: Some(lane) }
    }

    pub(crate) fn lanes(&self) -> &Stillness {
        &self.line.lanes
    }

    /// Ends the run. Must come before any end of a channel is dropped that has not come to its end.
    pub(crate) fn call(&self) {
        self.line.called.store(true, Ordering::Release);
        self.line.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.line.lanes.end();
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

    /// Wakes a thread of the caller's that waits, too.
    pub(crate) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        select.recv(&self.line.heard);
    }

    /// Sleeps until something of what is watched is there, and says which, or until the run is over; `None` at the deadline.
    pub(crate) fn sleep<'a>(&'a self, select: &mut Select<'a>, deadline: Option<Instant>) -> Option<usize> {
        match self.lane {
            Some(lane) => self.line.lanes.sleep(lane, select, deadline),
            None => {
                self.watch(select);
                ready(select, deadline)
            }
        }
    }

    /// The lane does nothing any more.
    pub(crate) fn leave(&self) {
        self.lane.iter().for_each(|lane| self.line.lanes.leave(*lane));
    }
}

/// A lane that waits for a chunk of its pool.
impl Waits for Halt {
    fn sleep<'a>(&'a self, select: &mut Select<'a>) -> bool {
        Halt::sleep(self, select, None);
        !self.is_called()
    }
}
