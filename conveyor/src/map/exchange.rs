//! One run of a pool's pipeline, shared by the maps that are under way: each has a seat.
//!
//! Invariants:
//! - whoever waits for an answer takes answers from the run for all seats, if nobody else is at it; so no thread is
//!   needed for that, and none waits while there is an answer;
//! - at most [`AHEAD`] shares per worker are under way, and a seat may have its part of them, at least one;
//! - a seat is left only when none of its shares is under way, or the run is over and all workers are gone. So nobody
//!   works any more on what a map has borrowed, whatever ends it.

use super::board::Board;
use super::desk::{Desk, Tray};
use super::report::MapReport;
use super::task::{Done, Task};
use crate::pipeline::{Receiver, RecvError, Sender, TryRecvError, TrySendError};
use crate::{Error, Pipeline, Report};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// One run of the pipeline.
pub(super) struct Exchange {
    pub(super) workers: usize,
    desk: Mutex<Desk>,
    changed: Condvar,
    /// Locked behind the desk.
    sender: Mutex<Sender<Task>>,
    /// Locked by whoever takes answers, without the desk.
    receiver: Mutex<Receiver<Done>>,
    /// What all maps together have done, in this run and others.
    usage: Arc<Mutex<MapReport>>,
}

/// What has become of a task that was to be sent.
pub(super) enum Handed {
    Sent,
    /// The others have as much under way as there may be: wait for an answer first.
    Full(Box<Task>),
}

impl Exchange {
    /// Starts the pipeline.
    ///
    /// # Errors
    /// When it cannot start.
    pub(super) fn start(
        pipeline: &Pipeline<Task, Done>,
        workers: usize,
        board: &Board,
        usage: Arc<Mutex<MapReport>>,
    ) -> Result<Exchange, Error> {
        board.clear();
        let (sender, receiver) = pipeline.start()?.split();
        Ok(Exchange {
            workers,
            desk: Mutex::default(),
            changed: Condvar::new(),
            sender: Mutex::new(sender),
            receiver: Mutex::new(receiver),
            usage,
        })
    }

    /// What the run has done so far; nothing while somebody waits for it.
    pub(super) fn report(&self) -> Option<Report> {
        Some(self.receiver.try_lock().ok()?.metrics())
    }

    /// Whether it is over, be it since nobody was there who would have noticed.
    pub(super) fn has_failed(&self) -> bool {
        let mut desk = self.desk();
        if !desk.has_failed() && desk.is_idle() {
            // nobody waits, so the lock is free, and nothing is under way, so nothing can come out
            match self.receiver.lock().unwrap_or_else(PoisonError::into_inner).try_recv() {
                Ok(_) | Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Ended) => desk.fail(RecvError::Ended.into()),
                Err(TryRecvError::Failed(error)) => desk.fail(error),
            }
        }
        desk.has_failed()
    }

    /// A panic leaves the desk whole: what is done under its lock cannot panic half-way.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A map's place at an exchange.
pub(super) struct Seat {
    exchange: Arc<Exchange>,
    /// The number of the map.
    pub(super) map: u64,
}

impl Seat {
    pub(super) fn new(exchange: Arc<Exchange>) -> Seat {
        let mut desk = exchange.desk();
        let map = desk.number;
        desk.number += 1;
        desk.seats.insert(map, Tray::default());
        drop(desk);
        Seat { exchange, map }
    }

    pub(super) fn workers(&self) -> usize {
        self.exchange.workers
    }

    /// Waits until none of its shares is under way, and lets go of the answers.
    pub(super) fn settle(&self) {
        let is_busy = || self.exchange.desk().tray(self.map).under_way > 0;
        while is_busy() && self.next().is_ok() {}
        self.exchange.desk().tray(self.map).answers.clear();
    }

    /// May it have another share under way?
    pub(super) fn may_send(&self) -> bool {
        let mut desk = self.exchange.desk();
        desk.tray(self.map).wants = true;
        !desk.calls && desk.tray(self.map).under_way < desk.part(self.exchange.workers)
    }

    /// It has nothing to send for now: the others share the workers.
    pub(super) fn rests(&self) {
        let mut desk = self.exchange.desk();
        if std::mem::replace(&mut desk.tray(self.map).wants, false) && desk.seats.len() > 1 {
            self.exchange.changed.notify_all();
        }
    }

    /// Sends a share.
    ///
    /// # Errors
    /// When the run has failed.
    pub(super) fn send(&self, mut task: Task) -> Result<Handed, Error> {
        let mut desk = self.exchange.desk();
        if let Some(error) = desk.failure(self.map) {
            return Err(error.clone());
        }
        if !desk.has_room(self.exchange.workers) {
            return Ok(Handed::Full(Box::new(task)));
        }
        task.number = desk.next_number();
        task.live = desk.seats.keys().copied().collect();
        let items = task.first..task.first + task.len;
        let mut sender = self.exchange.sender.lock().unwrap_or_else(PoisonError::into_inner);
        match sender.try_send(task) {
            Ok(()) => {
                desk.sent(self.map, items);
                Ok(Handed::Sent)
            }
            Err(TrySendError::Full(task)) => {
                desk.is_full = true;
                Ok(Handed::Full(Box::new(task)))
            }
            Err(TrySendError::Ended(_)) => {
                drop((sender, desk));
                Err(self.end())
            }
        }
    }

    /// Why the run is over. It is told only when all workers are gone.
    #[cold]
    fn end(&self) -> Error {
        loop {
            if let Some(error) = self.attend().failure(self.map) {
                return error.clone();
            }
        }
    }

    /// Lets every worker of the pool run a task, which waits for the others: `task` makes it, from the number of the
    /// meeting and that of the worker. Gives all answers.
    ///
    /// # Errors
    /// When the run has failed.
    pub(super) fn meet(&self, task: impl Fn(u32, u64) -> Task) -> Result<Vec<Done>, Error> {
        let meeting = Meeting::call(self)?;
        let (mut told, mut answers) = (0, Vec::new());
        while answers.len() < self.workers() {
            while told < self.workers() {
                match self.send(task(meeting.number, told as u64))? {
                    Handed::Sent => told += 1,
                    Handed::Full(_) => break,
                }
            }
            if told == self.workers() {
                self.exchange.desk().calls = false;
                self.exchange.changed.notify_all();
            }
            answers.extend(self.wait(told < self.workers())?);
        }
        Ok(answers)
    }

    /// Waits for the next answer to this seat; with nothing under way, until there is room.
    ///
    /// # Errors
    /// When the run has failed.
    pub(super) fn next(&self) -> Result<Option<Done>, Error> {
        self.wait(false)
    }

    /// The same; `calls`: it meets, and only it may send.
    fn wait(&self, calls: bool) -> Result<Option<Done>, Error> {
        let mut desk = self.exchange.desk();
        loop {
            if let Some(done) = desk.tray(self.map).answers.pop_front() {
                return Ok(Some(done));
            }
            if let Some(error) = desk.failure(self.map) {
                return Err(error.clone());
            }
            let may_send = if calls { true } else { !desk.calls && desk.tray(self.map).under_way == 0 };
            if may_send && desk.has_room(self.exchange.workers) {
                return Ok(None);
            }
            desk = if desk.attended {
                self.exchange.changed.wait(desk).unwrap_or_else(PoisonError::into_inner)
            } else {
                desk.attended = true;
                drop(desk);
                self.attend()
            };
        }
    }

    /// Takes an answer from the run.
    fn attend(&self) -> MutexGuard<'_, Desk> {
        let received = self.exchange.receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let mut desk = self.exchange.desk();
        desk.attended = false;
        match received {
            Ok(done) => {
                let mut usage = self.exchange.usage.lock().unwrap_or_else(PoisonError::into_inner);
                desk.deliver(done, &mut usage);
            }
            Err(ended) => desk.fail(ended.into()),
        }
        self.exchange.changed.notify_all();
        desk
    }
}

/// A meeting of all workers, for the map of a seat.
struct Meeting<'s> {
    seat: &'s Seat,
    number: u32,
}

impl Meeting<'_> {
    /// Waits until no other map meets.
    fn call(seat: &Seat) -> Result<Meeting<'_>, Error> {
        let mut desk = seat.exchange.desk();
        while desk.meets.is_some() && !desk.has_failed() {
            desk = seat.exchange.changed.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(error) = desk.failure(seat.map) {
            return Err(error.clone());
        }
        (desk.meets, desk.calls) = (Some(seat.map), true);
        desk.meetings = desk.meetings.wrapping_add(1);
        Ok(Meeting { seat, number: desk.meetings })
    }
}

impl Drop for Meeting<'_> {
    fn drop(&mut self) {
        let mut desk = self.seat.exchange.desk();
        (desk.meets, desk.calls) = (None, false);
        drop(desk);
        self.seat.exchange.changed.notify_all();
    }
}

/// Whatever has ended the map, its shares come back first.
impl Drop for Seat {
    fn drop(&mut self) {
        self.settle();
        self.exchange.desk().seats.remove(&self.map);
    }
}
