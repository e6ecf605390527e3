//! Where a lane waits while its automatic fork does without it.
//!
//! A parked lane still hears of flush marks: it goes on then until there is nothing to do, and so passes them. When the
//! first lane of its fork has come to the end of the stream, nothing is left for the others but to do the same.

use crate::sync::{AtomicU64, Ordering};
use crate::value::{Halt, Meter, Rest, Stage, Turn};
use crossbeam_channel::{Receiver, Select, Sender, bounded};
use std::sync::Arc;
use std::time::Instant;

/// One group of lanes of which more or fewer take messages.
pub(super) struct Gate {
    /// How many of them.
    width: AtomicU64,
    /// From the end of the stream on nobody is parked.
    is_open: AtomicU64,
    /// By lane: something has changed for it.
    doors: Vec<(Sender<()>, Receiver<()>)>,
    alarm: Arc<Alarm>,
}

/// Wakes the one who sets the widths.
pub(super) struct Alarm {
    /// It sleeps until a lane is woken.
    armed: AtomicU64,
    bell: Sender<()>,
    pub(super) heard: Receiver<()>,
}

impl Alarm {
    pub(super) fn new() -> Arc<Alarm> {
        let (bell, heard) = bounded(1);
        Arc::new(Alarm { armed: 0.into(), bell, heard })
    }

    pub(super) fn arm(&self) {
        self.armed.store(1, Ordering::SeqCst);
    }

    pub(super) fn disarm(&self) {
        self.armed.store(0, Ordering::SeqCst);
    }

    pub(super) fn ring(&self) {
        let _ = self.bell.try_send(()); // one call is enough
    }

    fn lane_woken(&self) {
        if self.armed.swap(0, Ordering::SeqCst) == 1 {
            self.ring();
        }
    }
}

impl Gate {
    pub(super) fn new(lanes: usize, alarm: Arc<Alarm>) -> Gate {
        Gate {
            width: AtomicU64::new(lanes as u64),
            is_open: AtomicU64::new(0),
            doors: (0..lanes).map(|_| bounded(1)).collect(),
            alarm,
        }
    }

    pub(super) fn set(&self, width: usize) {
        self.width.store(width as u64, Ordering::SeqCst);
        self.call_all();
    }

    /// A lane has come to the end of the stream.
    fn open(&self) {
        self.is_open.store(1, Ordering::SeqCst);
        self.call_all();
    }

    fn call_all(&self) {
        for (door, _) in &self.doors {
            let _ = door.try_send(()); // one call is enough
        }
    }

    fn parks(&self, member: usize) -> bool {
        member as u64 >= self.width.load(Ordering::SeqCst) && self.is_open.load(Ordering::SeqCst) == 0
    }
}

/// A lane's place in its group; nothing for a lane that claims nothing.
pub(super) struct Berth {
    place: Option<(Arc<Gate>, usize)>,
    meter: Arc<Meter>,
    /// The lane's own.
    halt: Halt,
    /// It was woken while parked, and goes on until there is nothing to do.
    is_called: bool,
}

impl Berth {
    pub(super) fn new(place: Option<(Arc<Gate>, usize)>, meter: Arc<Meter>, halt: Halt) -> Berth {
        Berth { place, meter, halt, is_called: false }
    }

    /// Waits while the fork does without this lane, which first finishes what it has taken. `false` if it need not.
    pub(super) fn wait(&mut self, stage: &mut dyn Stage) -> bool {
        let Some((gate, member)) = &self.place else { return false };
        if self.is_called || !gate.parks(*member) || stage.holds_input() {
            return false;
        }
        let started = Instant::now();
        self.meter.rest(Rest::Parked);
        let mut select = Select::new();
        let door = select.recv(&gate.doors[*member].1);
        stage.watch_marks(&mut select);
        let woken = self.halt.sleep(&mut select, None);
        drop(select);
        self.meter.rest(Rest::Awake);
        self.meter.desk().was_parked(started.elapsed());
        if woken == Some(door) {
            let _ = gate.doors[*member].1.try_recv();
        }
        self.is_called = woken != Some(door);
        true
    }

    pub(super) fn after(&mut self, turn: Turn) {
        match turn {
            Turn::Moved => {}
            Turn::Idle => self.is_called = false,
            Turn::Ended => {
                self.meter.rest(Rest::Ended);
                if let Some((gate, _)) = &self.place {
                    gate.open();
                }
            }
        }
    }

    /// It has nothing to do, and waits for input.
    pub(super) fn sleep<'a>(&'a self, select: &mut Select<'a>) {
        self.meter.rest(Rest::ForInput);
        self.halt.sleep(select, None);
        self.meter.rest(Rest::Awake);
        if let Some((gate, _)) = &self.place {
            gate.alarm.lane_woken();
        }
    }

    /// The lane is no more.
    pub(super) fn leave(&self) {
        self.halt.leave();
    }
}
