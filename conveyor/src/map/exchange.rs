//! One run of a pool's pipeline, shared by the maps that are under way: each has a seat.
//!
//! Invariants:
//! - whoever waits for an answer takes answers from the run for all seats, if nobody else is at it; so no thread is
//!   needed for that, and none waits while there is an answer;
//! - whoever waits returns also when there is something else to do. If it waits for the run, an empty task sees to that: a
//!   worker that is free sends it back at once, and while none is free there is nothing to hurry for;
//! - at most [`AHEAD`] shares per worker are under way, and a seat may have its part of them, at least one;
//! - a seat is left only when none of its shares is under way, or the run is over and all workers are gone. So nobody
//!   works any more on what a map has borrowed, whatever ends it.

use super::board::Board;
use super::desk::{Desk, NOBODY, Tray};
use super::entry::Entry;
use super::home::Home;
use super::report::MapReport;
use super::task::{Done, Outcome, Run, Task, TaskView};
use crate::message::Encoded;
use crate::pipeline::{Receiver, RecvError, Sender, TryRecvError, TrySendError};
use crate::{Context, Error, Pipeline, Report};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

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
    /// What a worker does to wake whoever waits for the run. In the serial context that one works, and never waits.
    nothing: Option<Entry<Run>>,
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
        (workers, context): (usize, Context),
        board: &Board,
        usage: Arc<Mutex<MapReport>>,
    ) -> Result<Exchange, Error> {
        let nothing: Run = nothing;
        let nothing = match context {
            Context::Serial => None,
            _ => Some(Entry::of(nothing, context == Context::Processes)?),
        };
        board.clear();
        let (sender, receiver) = pipeline.start()?.split();
        Ok(Exchange {
            workers,
            desk: Mutex::default(),
            changed: Condvar::new(),
            sender: Mutex::new(sender),
            receiver: Mutex::new(receiver),
            usage,
            nothing,
        })
    }

    /// What the run has done so far; nothing while somebody waits for it.
    pub(super) fn report(&self) -> Option<Report> {
        Some(self.receiver.try_lock().ok()?.metrics())
    }

    /// Whether it is over, be it since nobody was there who would have noticed.
    pub(super) fn has_failed(&self) -> bool {
        let mut desk = self.desk();
        // nobody waits, so the lock is free, and no share is under way: what comes out is of nobody
        while desk.is_idle() && !desk.has_failed() {
            match self.receiver.lock().unwrap_or_else(PoisonError::into_inner).try_recv() {
                Ok(done) => desk.deliver(done, &mut MapReport::default()),
                Err(TryRecvError::Empty) => break,
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

    fn sender(&self) -> MutexGuard<'_, Sender<Task>> {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has changed may concern whoever waits.
    fn tell(&self, desk: &mut Desk) {
        self.changed.notify_all();
        if let Some(map) = desk.attended
            && desk.is_ready(map, self.workers)
        {
            self.nudge(desk);
        }
    }

    /// Sends a task that does nothing. While there is no room for one, or workers meet, answers come without it.
    fn nudge(&self, desk: &mut Desk) {
        let Some(run) = self.nothing.filter(|_| !desk.nudged && !desk.calls) else { return };
        let task = Task { map: NOBODY, live: desk.live(), ..Task::new(run, Encoded::default()) };
        if self.sender().try_send(task).is_ok() {
            desk.sent(NOBODY, 0..0);
            desk.nudged = true;
        }
    }
}

/// Wakes whoever waits, by coming back.
fn nothing(_: &TaskView<'_>, _: &mut Home) -> Outcome {
    Outcome::default()
}

/// Wakes a map that waits; it does not keep the workers alive.
#[derive(Clone)]
pub(super) struct Bell {
    exchange: Weak<Exchange>,
    map: u64,
}

impl Bell {
    /// [`Seat::next`] returns.
    pub(super) fn ring(&self) {
        let Some(exchange) = self.exchange.upgrade() else { return };
        let mut desk = exchange.desk();
        if let Some(tray) = desk.seats.get_mut(&self.map) {
            tray.rung = true;
            exchange.tell(&mut desk);
        }
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

    pub(super) fn bell(&self) -> Bell {
        Bell { exchange: Arc::downgrade(&self.exchange), map: self.map }
    }

    /// Waits until none of its shares is under way, and lets go of the answers.
    pub(super) fn settle(&self) {
        self.rests();
        let is_busy = || self.exchange.desk().tray(self.map).under_way > 0;
        while is_busy() && self.next().is_ok() {}
        self.exchange.desk().tray(self.map).answers.clear();
    }

    /// May it have another share under way?
    pub(super) fn may_send(&self) -> bool {
        let mut desk = self.exchange.desk();
        desk.tray(self.map).wants = true;
        desk.may_send(self.map, self.exchange.workers)
    }

    /// It has nothing to send for now: the others share the workers.
    pub(super) fn rests(&self) {
        let mut desk = self.exchange.desk();
        if std::mem::replace(&mut desk.tray(self.map).wants, false) {
            self.exchange.tell(&mut desk);
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
        task.live = desk.live();
        let items = task.first..task.first + task.len;
        let mut sender = self.exchange.sender();
        let sent = match sender.try_send(task) {
            // everything has been answered, so a worker is about to free places
            Err(TrySendError::Full(task)) if desk.is_empty() => {
                sender.send(task).map_err(TrySendError::Ended)
            }
            sent => sent,
        };
        match sent {
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
                meeting.is_called();
            }
            answers.extend(self.wait(told < self.workers())?);
        }
        Ok(answers)
    }

    /// Waits for the next answer to this seat; or until it may send what it wants to send, or was rung for.
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
            let workers = self.exchange.workers;
            let is_ready = if calls { desk.has_room(workers) } else { desk.is_ready(self.map, workers) };
            if is_ready {
                desk.tray(self.map).rung = false;
                return Ok(None);
            }
            desk = if desk.attended.is_some() || desk.is_empty() {
                self.exchange.changed.wait(desk).unwrap_or_else(PoisonError::into_inner)
            } else {
                desk.attended = Some(self.map);
                drop(desk);
                self.attend()
            };
        }
    }

    /// Takes an answer from the run.
    fn attend(&self) -> MutexGuard<'_, Desk> {
        let received = self.exchange.receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let mut desk = self.exchange.desk();
        desk.attended = None;
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

    /// All of its workers have been told: others may send again.
    fn is_called(&self) {
        let mut desk = self.seat.exchange.desk();
        if std::mem::replace(&mut desk.calls, false) {
            self.seat.exchange.tell(&mut desk);
        }
    }
}

impl Drop for Meeting<'_> {
    fn drop(&mut self) {
        let mut desk = self.seat.exchange.desk();
        (desk.meets, desk.calls) = (None, false);
        self.seat.exchange.tell(&mut desk);
    }
}

/// Whatever has ended the map, its shares come back first.
impl Drop for Seat {
    fn drop(&mut self) {
        self.settle();
        let mut desk = self.exchange.desk();
        desk.seats.remove(&self.map);
        self.exchange.tell(&mut desk);
    }
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
