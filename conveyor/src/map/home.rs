//! A worker of a pool: what it keeps of the maps that are under way, and what it does with a share.
//!
//! Nothing of it has to survive the worker: a replacement is told everything again with the next share.

use super::board::Board;
use super::task::{Done, Fault, Outcome, Place, Task, TaskView};
use super::within::Within;
#[cfg(target_os = "linux")]
use crate::sys::clock::own_core;
#[cfg(target_os = "linux")]
use crate::sys::clock::own_processor_time;
use crate::{Processor, Ref, Result, lane};
use std::any::Any;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A worker.
pub(super) struct Home {
    pub(super) board: Board,
    /// How long the items of the last share have taken.
    pub(super) at_items: Duration,
    /// What it keeps, by the numbers of the maps.
    rooms: BTreeMap<u64, Box<dyn Any>>,
}

/// What it keeps of one map.
pub(super) struct Room<W, S> {
    pub(super) with: W,
    pub(super) state: S,
}

impl Home {
    pub(super) fn new(board: Board) -> Home {
        board.has_left(lane().index(), false);
        Home { board, at_items: Duration::ZERO, rooms: BTreeMap::new() }
    }

    /// What is kept of a map; made when its first share is there.
    pub(super) fn room<W: 'static, S: 'static>(
        &mut self,
        map: u64,
        make: impl FnOnce() -> Result<Room<W, S>>,
    ) -> Result<&mut Room<W, S>> {
        let room = match self.rooms.entry(map) {
            std::collections::btree_map::Entry::Occupied(kept) => kept.into_mut(),
            std::collections::btree_map::Entry::Vacant(empty) => empty.insert(Box::new(make()?)),
        };
        Ok(room.downcast_mut().expect("all shares of a map are of the same types"))
    }

    /// Takes what is kept of a map.
    pub(super) fn leave<W: 'static, S: 'static>(&mut self, map: u64) -> Option<Room<W, S>> {
        let room = self.rooms.remove(&map)?.downcast();
        Some(*room.expect("all shares of a map are of the same types"))
    }

    /// What it keeps of maps that are over is let go.
    fn leave_all_but(&mut self, live: &[u64]) {
        self.rooms.retain(|map, _| live.contains(map));
    }

    fn run(&mut self, task: &TaskView<'_>) -> Result<Outcome> {
        if task.once && !self.board.begin(lane().index(), *task.number) {
            let (first, len) = (*task.first, *task.len);
            return Ok(Outcome::of(died_in(first, len), first..first + len));
        }
        Ok(task.run.function()?(task, self))
    }
}

impl Processor for Home {
    type In = Ref<Task>;
    type Out = Done;

    fn process(&mut self, task: TaskView<'_>) -> Result<Done> {
        self.leave_all_but(task.live);
        self.at_items = Duration::ZERO;
        let (started, cpu) = (Instant::now(), processor_time());
        let within = Within::at_work(&self.board, task.within);
        let outcome = self.run(&task)?;
        drop(within);
        let (busy, cpu) = (nanoseconds(started.elapsed()), nanoseconds(processor_time().saturating_sub(cpu)));
        Ok(Done {
            map: *task.map,
            first: *task.first,
            worker: lane().index() as u32,
            busy,
            cpu,
            at_items: nanoseconds(self.at_items),
            core: core(),
            outcome,
        })
    }
}

/// A run that ends does not wait for its workers to meet: so those that are at it do not wait for one that has gone.
impl Drop for Home {
    fn drop(&mut self) {
        self.board.has_left(lane().index(), true);
    }
}

/// A replacement has found a share that was begun.
#[cold]
fn died_in(first: u64, len: u64) -> Fault {
    let (place, items) = match len {
        1 => (Place::Item(first), String::new()),
        _ => (Place::Share, format!(" of the items {first} to {}", first + len - 1)),
    };
    let text = format!(
        "a worker has died in a share{items} of a map that works in place, and nobody knows which of them were done: write \
         `.idempotent()` if they may be done again, or give the kernel an output of its own"
    );
    Fault { place, panicked: false, text }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    own_processor_time()
}

#[cfg(target_os = "linux")]
fn core() -> Option<u32> {
    u32::try_from(own_core()).ok()
}

/// Other systems are not asked.
#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    Duration::ZERO
}

#[cfg(not(target_os = "linux"))]
fn core() -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Context;

    #[test]
    fn what_is_over_is_left_whatever_goes_on() {
        let mut home = Home::new(Board::new(1, Context::Threads).unwrap());
        let mut enter =
            |map| drop(home.room(map, || Ok(Room { with: map, state: () })).map(|room| room.with));
        [0, 1, 2, 3].into_iter().for_each(&mut enter);
        home.leave_all_but(&[0, 3, 4]);
        assert_eq!(home.rooms.keys().copied().collect::<Vec<_>>(), [0, 3]);
        assert!(home.leave::<u64, ()>(0).is_some() && home.leave::<u64, ()>(1).is_none());
    }
}
