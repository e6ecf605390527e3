//! How everybody learns that the run is over, or that it is to come to its end.

use crate::sync::{AtomicBool, Ordering};
use crossbeam_channel::{Receiver, Select, Sender, bounded};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

/// A run's end, called once and for all.
#[derive(Clone)]
pub(crate) struct Halt(Arc<Line>);

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
        Halt(Arc::new(Line {
            called: AtomicBool::new(false),
            winding_down: AtomicBool::new(false),
            held: Mutex::new(Some(held)),
            heard,
        }))
    }

    /// Ends the run. Must come before any end of a channel is dropped that has not come to its end.
    pub(crate) fn call(&self) {
        self.0.called.store(true, Ordering::Release);
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Nothing more is to come into the run.
    pub(crate) fn wind_down(&self) {
        self.0.winding_down.store(true, Ordering::Release);
    }

    #[inline]
    pub(crate) fn is_winding_down(&self) -> bool {
        self.0.winding_down.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn is_called(&self) -> bool {
        self.0.called.load(Ordering::Acquire)
    }

    /// Wakes a waiting thread, too.
    pub(crate) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        select.recv(&self.0.heard);
    }
}
