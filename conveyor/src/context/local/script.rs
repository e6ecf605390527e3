//! The wiring at work: from a declaration to stages.

use super::panic::caught;
use super::run::{Run, failed, panicked};
use crate::context::Declared;
use crate::graph::facts::Facts;
use crate::graph::settings::Settings;
use crate::memory::AnyPool;
use crate::memory::heap::{HeapPool, Waits};
use crate::message::{Decoder, Encoded};
use crate::value::{Build, Stage};
use crate::wiring::{Entry, ScopeParts, Task};
use crate::{Error, ErrorKind};
use std::sync::Arc;

/// What is needed to build stages, in any thread.
pub(crate) struct Script {
    pub(crate) facts: Facts,
    entry: Entry,
    settings: Settings,
    params: Encoded,
}

impl Script {
    /// # Errors
    /// When the wiring cannot be called.
    pub(crate) fn of(declared: &Declared) -> Result<Script, Error> {
        let mut facts = Facts::default();
        let inferred = (declared.entry)(Task::Infer(&mut facts), None);
        inferred.map_err(|failure| Error::new(ErrorKind::Start, failure))?;
        Ok(Script {
            facts,
            entry: declared.entry,
            settings: declared.settings.clone(),
            params: declared.params.clone(),
        })
    }

    /// Builds what is ordered, in one scope. `lane` is for pools: one with a thread of its own waits for a chunk.
    /// If a constructor fails, the run does.
    pub(crate) fn build(
        &self,
        run: &Run,
        mut build: Build,
        lane: Option<&Arc<dyn Waits>>,
    ) -> Vec<(usize, Box<dyn Stage>)> {
        let params = Decoder::new(self.params.bytes()).with_references();
        // fused stages share what each of them would have for itself
        let lanes: Vec<_> = build.orders.iter().map(|order| &run.plan.lanes[order.lane]).collect();
        let users =
            |pool| lanes.iter().filter_map(|lane| lane.pools().get(&pool).copied()).max().unwrap_or(1);
        let pools = &mut |pool| self.pool(pool, users(pool as u32), lane);
        let task = Task::Build(&mut build);
        let outcome = caught(|| (self.entry)(task, Some(ScopeParts { params, pools })));
        let wrong = match outcome {
            Err(panic) => Some(panicked(panic)),
            Ok(Err(failure)) => failed(&failure, true),
            Ok(Ok(())) => build.failure.as_ref().and_then(|failure| failed(failure, true)),
        };
        if let Some((error, place)) = wrong {
            run.fail(match build.at {
                Some(lane) => run.blame(lane, error, place, None),
                None => error,
            });
        } else if !build.orders.is_empty() {
            run.fail(Error::new(ErrorKind::Start, "the wiring does not have all stages of the graph"));
        }
        build.built
    }

    fn pool(&self, pool: usize, users: usize, lane: Option<&Arc<dyn Waits>>) -> AnyPool {
        let size = self.settings.pools.get(&(pool as u32));
        let (chunks, elements) = size.map_or((1, 0), |size| (size.chunks, size.elements));
        let bytes = elements * self.facts.pool_elements.get(pool).copied().unwrap_or(0);
        AnyPool::Heap(HeapPool::new(chunks.saturating_mul(users), bytes, lane.cloned()))
    }
}
