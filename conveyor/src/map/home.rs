//! A worker of a pool: what it keeps of the maps that are under way, and what it does with a share.
//!
//! Nothing of it has to survive the worker: a replacement is told everything again with the next share.

use super::task::{Done, Task, TaskView};
#[cfg(target_os = "linux")]
use crate::sys::clock::own_processor_time;
use crate::{Processor, Ref, Result, lane};
use std::any::Any;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What a worker keeps, by the numbers of the maps.
#[derive(Default)]
pub(super) struct Home(BTreeMap<u64, Box<dyn Any>>);

/// What it keeps of one map.
pub(super) struct Room<W, S> {
    pub(super) with: W,
    pub(super) state: S,
}

impl Home {
    /// What is kept of a map; made when its first share is there.
    pub(super) fn room<W: 'static, S: 'static>(
        &mut self,
        map: u64,
        make: impl FnOnce() -> Result<Room<W, S>>,
    ) -> Result<&mut Room<W, S>> {
        let room = match self.0.entry(map) {
            std::collections::btree_map::Entry::Occupied(kept) => kept.into_mut(),
            std::collections::btree_map::Entry::Vacant(empty) => empty.insert(Box::new(make()?)),
        };
        Ok(room.downcast_mut().expect("all shares of a map are of the same types"))
    }

    /// Forgets a map.
    pub(super) fn forget(&mut self, map: u64) {
        self.0.remove(&map);
    }
}

impl Processor for Home {
    type In = Ref<Task>;
    type Out = Done;

    fn process(&mut self, task: TaskView<'_>) -> Result<Done> {
        self.0.retain(|map, _| map >= task.oldest);
        let (started, cpu) = (Instant::now(), processor_time());
        let outcome = task.run.function()?(&task, self);
        let (busy, cpu) = (nanoseconds(started.elapsed()), nanoseconds(processor_time().saturating_sub(cpu)));
        Ok(Done { map: *task.map, first: *task.first, worker: lane().index() as u32, busy, cpu, outcome })
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    own_processor_time()
}

/// Other systems are not asked.
#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    Duration::ZERO
}
