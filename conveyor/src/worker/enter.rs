//! The main function of a worker process: from its order to its exit code.

use super::assemble::{Side, assemble};
use super::briefing::Briefing;
use crate::element::rate::Rate;
use crate::error::Place;
use crate::graph::facts::Facts;
use crate::graph::ports::Ends;
use crate::graph::recovery::{Recovery, recovery};
use crate::graph::table::Table;
use crate::lane::{Lane, Phase};
use crate::memory::AnyPool;
use crate::memory::heap::HeapPool;
use crate::memory::map::{Map, Texts};
use crate::message::Decoder;
use crate::meter;
use crate::sys::death::exit;
use crate::sys::order::Order;
use crate::sys::panic;
use crate::sys::segment::Segment;
use crate::sys::stack;
use crate::value::Job;
use crate::wiring::{Entry, Pools, Scope, ScopeParts, Task, Wiring, call, table_of};
use crate::{Error, ErrorKind, Failure, Message, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A worker that has failed and said why, or that was stopped.
pub(crate) const FAILED: i32 = 3;

/// The main function of the workers of one pipeline.
pub(crate) fn main<P, L, In, Out, R, W>(order: Order, segment: Segment) -> i32
where
    P: Message,
    L: Pools,
    In: Message,
    Out: Message,
    R: Rate,
    W: Fn(&mut Wiring<'_, Scope<P, L>>) -> Ends<In, Out, R> + Copy + 'static,
{
    enter(&order, segment, call::<P, L, In, Out, R, W>)
}

/// Runs one lane of the pipeline whose entry this is.
fn enter(order: &Order, segment: Segment, entry: Entry) -> i32 {
    match Post::take(order, segment, entry) {
        Ok(mut post) => post.serve(order, entry),
        Err(error) => {
            eprintln!("{error}");
            exit::UNABLE
        }
    }
}

/// A worker's place in the run.
struct Post {
    map: Arc<Map>,
    number: usize,
    job: Job,
    lane: Lane,
    table: &'static Table,
}

impl Post {
    fn take(order: &Order, segment: Segment, entry: Entry) -> Result<Post, Error> {
        let started = |failure: Failure| Error::new(ErrorKind::Start, failure);
        let texts = Texts::of(&segment)?;
        let mut facts = Facts::default();
        entry(Task::Infer(&mut facts), None).map_err(started)?;
        let table = table_of(entry);
        if table.fingerprint() != order.graph {
            return Err(Error::new(ErrorKind::Start, "this program declares another pipeline"));
        }
        let briefing = Briefing::read(texts.settings(&segment)).map_err(started)?;
        let plan = briefing.plan(table)?;
        let layout = briefing.layout(table, &plan, &facts, texts)?;
        let map = Map::new(Arc::new(segment), layout)?;
        let number = plan
            .lanes
            .iter()
            .position(|lane| lane.first().stage == order.stage && lane.index == order.lane as usize);
        let number = number.ok_or_else(|| Error::new(ErrorKind::Start, "the plan has no such worker"))?;
        map.protect_others(number)?;
        let mut lane = assemble(&map, &plan, number, briefing.limits.cores, Side::Worker);
        let planned = &plan.lanes[number];
        let recovery = recovery(planned, |stage| facts.stages[&stage], order.claims_stdin);
        let is_again = recovery == Recovery::Replay;
        if is_again {
            lane.give_again();
        }
        lane.go_on(planned.stages.len(), is_again);
        if let Some(suspect) = order.suspect {
            lane.suspect(suspect);
        }
        Ok(Post { map, number, job: plan.lanes[number].job, lane, table })
    }

    fn serve(&mut self, order: &Order, entry: Entry) -> i32 {
        panic::record_in(self.map.panics(self.number));
        stack::watch(self.map.panics(self.number));
        let outcome = catch_unwind(AssertUnwindSafe(|| self.run(order, entry)));
        if !matches!(outcome, Ok(Ok(()))) {
            self.lane.note_source();
        }
        match outcome {
            Err(_) => exit::PANICKED,
            Ok(Ok(())) => {
                self.lane.desk().set_phase(Phase::Through);
                0
            }
            Ok(Err(failure)) => {
                // what fails after the run was stopped is not why it ends
                if !failure.is_stopped() && !self.lane.is_stopped() {
                    if let Some(Place { at, position }) = failure.place() {
                        self.lane.desk().set_place(Place::pack(at, position));
                    }
                    self.map.last_words(self.number).write(&failure);
                }
                FAILED
            }
        }
    }

    fn run(&mut self, order: &Order, entry: Entry) -> Result<()> {
        meter::enter(order.lane as usize, order.lanes as usize);
        if let Some(init) = self.table.init {
            init();
        }
        let mut outcome = None;
        // a constructor that does not mention a pool never sees this one
        let own: Vec<_> = (0..self.table.pools.len()).map(|declared| self.lane.own_pool(declared)).collect();
        let mut pool = |declared: usize| match own[declared].clone() {
            Some(pool) => AnyPool::Shared(pool),
            None => AnyPool::Heap(HeapPool::new(0, 0, None)),
        };
        let map = self.map.clone();
        let parts = ScopeParts { params: Decoder::new(map.params()).with_references(), pools: &mut pool };
        let task = Task::Work { job: self.job, lane: &mut self.lane, outcome: &mut outcome };
        entry(task, Some(parts))?;
        outcome.unwrap_or_else(|| Err(Failure::new("the wiring has no such stage")))
    }
}
