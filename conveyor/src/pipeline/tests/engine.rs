//! The fake engine: a head and an end with room for so many messages, and a worker between them that works when the
//! handle waits, and only on what has been flushed.

use crate::context::{Control, Either, Engine, Received, RecvEnd, SendEnd, Sent, Wait};
use crate::report::Report;
use crate::{Error, ErrorKind};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

/// What the worker makes of a message.
type Work = Box<dyn FnMut(u64) -> Result<Vec<u64>, Error> + Send>;

enum Item {
    Message(u64),
    Mark,
}

pub(super) struct World {
    work: Work,
    head_room: usize,
    end_room: usize,
    head: VecDeque<Item>,
    /// Of `head`, what has been flushed.
    visible: usize,
    /// Worked on, but without room in the end.
    held: VecDeque<Item>,
    end: VecDeque<Item>,
    closed: bool,
    error: Option<Error>,
    pub(super) marks: usize,
    pub(super) stopped: bool,
    pub(super) ends_dropped: usize,
    /// How many ends had been dropped when somebody waited for the workers.
    pub(super) joined_after: Option<usize>,
}

#[derive(Clone)]
pub(super) struct Fake(Arc<Mutex<World>>);

/// Counts itself when it is dropped.
struct End(Fake);

impl Drop for End {
    fn drop(&mut self) {
        self.0.world().ends_dropped += 1;
    }
}

pub(super) fn failure(text: &str) -> Error {
    Error::new(ErrorKind::Failed, text).in_processor("worker")
}

impl Fake {
    pub(super) fn new(
        (head_room, end_room): (usize, usize),
        work: impl FnMut(u64) -> Result<Vec<u64>, Error> + Send + 'static,
    ) -> Fake {
        Fake(Arc::new(Mutex::new(World {
            work: Box::new(work),
            head_room,
            end_room,
            head: VecDeque::new(),
            visible: 0,
            held: VecDeque::new(),
            end: VecDeque::new(),
            closed: false,
            error: None,
            marks: 0,
            stopped: false,
            ends_dropped: 0,
            joined_after: None,
        })))
    }

    pub(super) fn engine(&self) -> Engine<u64, u64> {
        Engine::new(End(self.clone()), End(self.clone()), Arc::new(self.clone()))
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }
}

impl World {
    fn is_over(&self) -> bool {
        let nothing_left = self.head.is_empty() && self.held.is_empty() && self.end.is_empty();
        self.error.is_some() || self.stopped || (self.closed && nothing_left)
    }

    fn has_room(&self) -> bool {
        self.head.len() < self.head_room
    }

    /// The worker works until it has nothing to do, or no room.
    fn work(&mut self) {
        while self.error.is_none() {
            while self.end.len() < self.end_room
                && let Some(item) = self.held.pop_front()
            {
                self.end.push_back(item);
            }
            if !self.held.is_empty() || self.visible == 0 {
                return;
            }
            self.visible -= 1;
            match self.head.pop_front().unwrap() {
                Item::Mark => self.held.push_back(Item::Mark),
                Item::Message(message) => match (self.work)(message) {
                    Ok(outputs) => self.held.extend(outputs.into_iter().map(Item::Message)),
                    Err(error) => self.error = Some(error),
                },
            }
        }
    }

    fn take(&mut self) -> Received<u64> {
        if self.is_over() {
            return Received::Ended;
        }
        match self.end.pop_front() {
            Some(Item::Message(message)) => Received::Message(message),
            Some(Item::Mark) => Received::Drained,
            None => Received::Empty,
        }
    }
}

impl SendEnd<u64> for End {
    fn send(&mut self, message: u64, wait: Wait) -> Sent<u64> {
        let mut world = self.0.world();
        if world.closed || world.is_over() {
            return Sent::Closed(message);
        }
        if !world.has_room() && !matches!(wait, Wait::No) {
            world.work();
            assert!(
                world.has_room() || world.is_over() || matches!(wait, Wait::Until(_)),
                "`send` hangs: nothing can make room"
            );
        }
        if world.has_room() {
            world.head.push_back(Item::Message(message));
            Sent::Done
        } else {
            Sent::Full(message)
        }
    }
    fn flush(&mut self) {
        let mut world = self.0.world();
        world.visible = world.head.len();
    }
    fn mark(&mut self) {
        let mut world = self.0.world();
        assert!(
            !world.held.iter().chain(&world.head).chain(&world.end).any(|item| matches!(item, Item::Mark))
        );
        world.head.push_back(Item::Mark);
        world.marks += 1;
    }
    fn close(&mut self) {
        self.flush();
        self.0.world().closed = true;
    }
}

impl RecvEnd<u64> for End {
    fn recv(&mut self, wait: Wait) -> Received<u64> {
        let mut world = self.0.world();
        match (world.take(), wait) {
            (Received::Empty, Wait::No) => Received::Empty,
            (Received::Empty, wait) => {
                world.work();
                let taken = world.take();
                let hangs = matches!((&taken, wait), (Received::Empty, Wait::Forever));
                assert!(!hangs, "`recv` hangs: nothing can come out");
                taken
            }
            (taken, _) => taken,
        }
    }
    fn is_stuck(&mut self, _: bool) -> bool {
        let mut world = self.0.world();
        world.work();
        world.end.len() >= world.end_room && !world.held.is_empty()
    }
}

impl Either<End> for End {
    fn wait_for_either(&mut self, _: &mut End) {
        let mut world = self.0.world();
        assert_eq!(world.visible, world.head.len(), "what is not flushed cannot be waited for");
        world.work();
        let moves = world.has_room() || !world.end.is_empty() || world.is_over();
        assert!(moves, "`wait_for_either` hangs");
    }
}

impl Control for Fake {
    fn wind_down(&self) {}

    fn stop(&self) {
        self.world().stopped = true;
    }
    fn join(&self) -> Result<(), Error> {
        let mut world = self.world();
        assert!(world.is_over(), "`join` hangs: nobody has ended the run");
        world.joined_after = Some(world.ends_dropped);
        world.error.clone().map_or(Ok(()), Err)
    }
    fn error(&self) -> Option<Error> {
        self.world().error.clone()
    }
    fn report(&self) -> Report {
        Report::default()
    }
}
