//! The processes context: every lane is a process of its own, on rings in shared memory.

#[cfg(feature = "bench")]
mod alone;
mod control;
mod deadline;
mod ends;
mod helm;
mod letter;
mod machine;
mod patient;
#[cfg(feature = "proof")]
mod stand;
mod verdict;
mod watcher;

use super::{Declared, Engine, RunOptions};
use crate::graph::facts::Facts;
use crate::graph::plan::{Limits, Plan};
use crate::graph::settings::Settings;
use crate::graph::table::Kind;
use crate::lane::Lane;
use crate::memory::map::{Map, Texts};
use crate::ring::patience::Patience;
use crate::supervise::Supervisor;
use crate::sys::order::Order;
use crate::sys::segment::{Backend, Need, Segment};
use crate::wiring::Task;
use crate::worker::{Briefing, Side, assemble, patience};
use crate::{Error, ErrorKind, Message};
#[cfg(feature = "bench")]
pub(crate) use alone::run_alone;
use control::Run;
use ends::{Receiver, Sender};
use letter::DeadLetters;
#[cfg(feature = "proof")]
pub use stand::{Figures, Root, Stand};
use std::marker::PhantomData;
use std::sync::Arc;
use watcher::Watcher;

/// Starts a run.
///
/// # Errors
/// When memory, processes or file descriptors cannot be had, or the settings make no sense; nothing is left then.
pub(crate) fn start<In: Message, Out: Message>(
    declared: &Declared,
    limits: Limits,
    backend: Backend,
    options: &RunOptions,
) -> Result<Engine<In, Out>, Error> {
    declared.params.kept().cross_processes()?;
    let LaidOut { segment, map, plan, facts, briefing } =
        lay_out(declared, declared.settings.clone(), limits, backend)?;
    let cores = briefing.limits.cores;
    let patience = patience(&plan, cores);
    let sender = end(&map, &plan, Kind::Input, cores);
    let receiver = end(&map, &plan, Kind::Output, cores);
    let (lanes, orders) = orders(declared, &plan);
    let run = Arc::new(Run::new(map, plan, cores, declared.params.kept().clone()));
    let letters = DeadLetters::to(options.dead_letters.as_deref());
    let stdin = |stage| declared.settings.stdin.contains(&stage);
    let watcher = Watcher::new(run.clone(), lanes, &facts.stages, stdin, letters);
    run.supervised_by(Supervisor::start(orders, segment, Box::new(watcher))?);
    let head = Sender::<In> { run: run.clone(), lane: sender, of: PhantomData };
    Ok(Engine::new(head, receiving::<Out>(&run, receiver, patience), run))
}

const NEED: Need = Need {
    who: "the pipeline",
    help: "lower the capacity of its pipes (`pipe(n)`, `limit_bytes`) or of its pools",
};

/// The memory of a run, filled in, before anybody works on it.
struct LaidOut {
    segment: Arc<Segment>,
    map: Arc<Map>,
    plan: Plan,
    facts: Facts,
    briefing: Briefing,
}

fn lay_out(
    declared: &Declared,
    settings: Settings,
    limits: Limits,
    backend: Backend,
) -> Result<LaidOut, Error> {
    let table = declared.table;
    let mut facts = Facts::default();
    (declared.entry)(Task::Infer(&mut facts), None)
        .map_err(|failure| Error::new(ErrorKind::Start, failure))?;
    let briefing = Briefing { settings, limits, cache: machine::cache(), page: rustix::param::page_size() };
    let plan = briefing.plan(table)?;
    let settings = briefing.encoded().map_err(|failure| Error::new(ErrorKind::Start, failure))?;
    let texts = Texts { settings: settings.bytes().len(), params: declared.params.bytes().len() };
    let layout = briefing.layout(table, &plan, &facts, texts)?;
    let segment = Arc::new(Segment::reserving(&layout.reserved, layout.len, backend, NEED)?);
    let map = Map::new(segment.clone(), layout)?;
    map.fill_in(settings.bytes(), declared.params.bytes());
    Ok(LaidOut { segment, map, plan, facts, briefing })
}

fn receiving<Out>(run: &Arc<Run>, lane: Option<Lane>, patience: Patience) -> Receiver<Out> {
    Receiver { run: run.clone(), lane, patience, marked: 0, drained: 0, ended: false, of: PhantomData }
}

/// The caller's own lane at an open end.
fn end(map: &Arc<Map>, plan: &Plan, kind: Kind, cores: usize) -> Option<Lane> {
    let number = plan.lanes.iter().position(|lane| lane.first().kind == kind)?;
    Some(assemble(map, plan, number, cores, Side::Caller))
}

/// One order for each lane that is a process, and the lanes' numbers.
fn orders(declared: &Declared, plan: &Plan) -> (Vec<usize>, Vec<Order>) {
    let graph = declared.table.fingerprint();
    let workers = plan.lanes.iter().enumerate();
    let workers = workers.filter(|(_, lane)| !lane.is_callers());
    let orders = workers.map(|(number, lane)| {
        let order = Order {
            name: lane.first().name.to_owned(),
            stage: lane.first().stage,
            lane: lane.index as u32,
            lanes: lane.of as u32,
            claims_stdin: declared.settings.stdin.contains(&lane.first().stage),
            graph,
            suspect: None,
            main: declared.main,
        };
        (number, order)
    });
    orders.unzip()
}

#[cfg(test)]
mod tests;
