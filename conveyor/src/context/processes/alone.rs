//! A run without workers: each stage in turn, from its beginning to its end, in the calling thread, on the same rings
//! in shared memory. So the path of the data can be counted in instructions: nothing waits, and nobody else works.

use super::{LaidOut, lay_out};
use crate::context::{Backend, Declared};
use crate::graph::options::Fuse;
use crate::graph::plan::{Fusing, Limits};
use crate::memory::AnyPool;
use crate::memory::heap::HeapPool;
use crate::message::Decoder;
use crate::wiring::{ScopeParts, Task};
use crate::worker::{Side, assemble};
use crate::{Error, ErrorKind, Failure};

/// Runs a pipeline whose ends are closed, whose stages stand in their order, and each of whose pipes holds all messages
/// of the run: a stage that found no room would wait for ever.
///
/// # Errors
/// When memory cannot be had, or a stage fails.
pub(crate) fn run_alone(declared: &Declared) -> Result<(), Error> {
    let limits = Limits { workers: 1, cores: 1, fusing: Fusing::Asked(Fuse::None) };
    let LaidOut { map, plan, briefing, .. } =
        lay_out(declared, declared.settings.clone(), limits, Backend::default().into())?;
    for (number, planned) in plan.lanes.iter().enumerate() {
        if planned.is_callers() {
            return Err(Error::new(ErrorKind::Start, "a run without workers has no open ends"));
        }
        let mut lane = assemble(&map, &plan, number, briefing.limits.cores, Side::Worker);
        lane.pace.flat_out();
        let mut outcome = None;
        let mut pool = |_| AnyPool::Heap(HeapPool::new(0, 0, None));
        let parts = ScopeParts { params: Decoder::new(map.params()).with_references(), pools: &mut pool };
        let task = Task::Work { job: planned.job, lane: &mut lane, outcome: &mut outcome };
        (declared.entry)(task, Some(parts))
            .and_then(|()| outcome.unwrap_or_else(|| Err(Failure::new("the wiring has no such stage"))))
            .map_err(|failure| Error::new(ErrorKind::Failed, failure))?;
    }
    Ok(())
}
