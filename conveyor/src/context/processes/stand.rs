//! A test stand for the protocol: the memory of a run, and its lanes, which somebody else drives. A *life* of a lane begins
//! where its record says. It asks whoever drives it when it would sleep (`sync::puppet`); nobody else works meanwhile.

use super::control::Run;
use super::ends::{Receiver, Sender};
use super::{LaidOut, end, lay_out, receiving};
use crate::context::{Backend, Declared, Received, RecvEnd, SendEnd, Sent, Wait};
use crate::graph::facts::Facts;
use crate::graph::options::Fuse;
use crate::graph::plan::{Fusing, LanePlan, Limits, Plan};
use crate::graph::recovery::{Recovery, recovery};
use crate::graph::settings::Settings;
use crate::graph::table::Kind;
use crate::memory::AnyPool;
use crate::memory::heap::HeapPool;
use crate::memory::map::Map;
use crate::message::Decoder;
use crate::ring::bell::Bell;
use crate::ring::values::{self, Flags};
use crate::sync::Ordering;
use crate::sys::segment::Segment;
use crate::wiring::{ScopeParts, Task};
use crate::worker::{Side, assemble, patience};
use crate::{Error, Failure, Message, meter};
use std::marker::PhantomData;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The memory of a run of a pipeline, and what is needed to drive its lanes.
pub struct Stand<'p, In, Out> {
    declared: &'p Declared,
    segment: Arc<Segment>,
    run: Arc<Run>,
    cores: usize,
    of: PhantomData<fn(In) -> Out>,
}

/// In a ring.
const SLOTS: usize = 4;
/// Of a ring, for messages that are not plain: the least there can be.
const ARENA_BYTES: usize = 4096;

/// One lane's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The stage that takes the lane's input.
    pub stage: u32,
    /// Messages taken in.
    pub taken: u64,
    /// Messages given out.
    pub given: u64,
    /// Messages dropped, in its outlet and in its inlets.
    pub dropped: u64,
}

/// One that gives messages and takes none: what its record says.
#[derive(Clone, Copy, Debug)]
pub struct Root {
    /// It is no open head.
    pub is_source: bool,
    /// Messages given out.
    pub given: u64,
    /// Flush marks passed.
    pub marks: u64,
    /// How many messages stand before the last one of them.
    pub before_mark: u64,
}

impl<'p, In: Message, Out: Message> Stand<'p, In, Out> {
    /// A run of which nothing has happened; its positions start at `origin`. What the pipeline does not say otherwise is
    /// as small as it can be.
    pub(crate) fn new(declared: &'p Declared, origin: u64) -> Result<Self, Error> {
        let limits = Limits { workers: 2, cores: 1, fusing: Fusing::Asked(Fuse::None) };
        let LaidOut { segment, map, plan, briefing, .. } =
            lay_out(declared, small(declared), limits, Backend::default().into())?;
        if origin != 0 {
            map.start_at(&plan, origin);
        }
        let cores = briefing.limits.cores;
        let run = Arc::new(Run::new(map, plan, cores, declared.params.kept().clone()));
        Ok(Stand { declared, segment, run, cores, of: PhantomData })
    }

    /// One life of the caller's open head: it sends what of `inputs` has not been sent, with a flush mark before that
    /// one, and closes the head.
    pub fn feed(&self, lane: usize, inputs: &[In], mark: Option<usize>)
    where
        In: Clone,
    {
        let lane = assemble(self.map(), self.plan(), lane, self.cores, Side::Caller);
        let sent = lane.given() as usize;
        let mut head = Sender::<In> { run: self.run.clone(), lane: Some(lane), of: PhantomData };
        for (number, input) in inputs.iter().enumerate().skip(sent) {
            if mark == Some(number) && self.marks() == 0 {
                head.mark();
            }
            if !matches!(head.send(input.clone(), Wait::Forever), Sent::Done) {
                return;
            }
        }
        head.close();
    }

    /// A flush mark of a caller who has no open head: it is for the sources alone.
    pub fn mark(&self) {
        Sender::<In> { run: self.run.clone(), lane: None, of: PhantomData }.mark();
    }

    /// One life of the caller at the end of the pipeline, which has seen `drained` flush marks come out: `take` gets what
    /// comes out, nothing if that is another mark. Without an open end it waits for sinks.
    pub fn collect(&self, drained: u64, mut take: impl FnMut(Option<Out>)) {
        let lane = end(self.map(), self.plan(), Kind::Output, self.cores);
        let patience = patience(self.plan(), self.cores);
        let marked = lane.as_ref().map_or(drained, |_| self.flags(self.callers_end()).epoch);
        let mut end: Receiver<Out> = Receiver { marked, drained, ..receiving(&self.run, lane, patience) };
        loop {
            match end.recv(Wait::Forever) {
                Received::Message(message) => take(Some(message)),
                Received::Drained => take(None),
                Received::Empty | Received::Ended => return,
            }
        }
    }
}

impl<In, Out> Stand<'_, In, Out> {
    fn map(&self) -> &Arc<Map> {
        &self.run.map
    }

    fn plan(&self) -> &Plan {
        &self.run.plan
    }

    /// Address and length of the memory.
    pub fn memory(&self) -> (*mut u8, usize) {
        (self.segment.base().as_ptr(), self.segment.len())
    }

    /// The parts of the memory on which the rest of the run depends.
    pub fn protocol_areas(&self) -> Vec<Range<usize>> {
        self.map().protocol_areas()
    }

    /// The first of these parts begins with the words on which lanes sleep.
    pub fn bell_area(&self) -> Range<usize> {
        self.map().bell_area()
    }

    /// How many lanes there are, with those of the caller's ends.
    pub fn lanes(&self) -> usize {
        self.plan().lanes.len()
    }

    /// The stage and the lane's number.
    pub fn name(&self, lane: usize) -> String {
        let plan = &self.plan().lanes[lane];
        format!("`{}`#{} (lane {lane})", plan.first().name, plan.index)
    }

    /// Is it one of the caller's ends?
    pub fn is_callers(&self, lane: usize) -> bool {
        self.plan().lanes[lane].is_callers()
    }

    /// Has it given everything it will give?
    pub fn has_ended(&self, lane: usize) -> bool {
        self.flags(lane).ended
    }

    fn flags(&self, lane: usize) -> Flags {
        Flags::unpack(self.map().record(lane).value(values::FLAGS))
    }

    /// The caller's open end. Where there is none, the caller waits for sinks, and counts as one lane more.
    pub fn callers_end(&self) -> usize {
        let is_end = |lane: &LanePlan| lane.first().kind == Kind::Output;
        self.plan().lanes.iter().position(is_end).unwrap_or(self.lanes())
    }

    /// How many flush marks have been set.
    pub fn marks(&self) -> u64 {
        u64::from(self.map().marks().load(Ordering::Relaxed))
    }

    /// How many of them each sink has passed.
    pub fn sinks(&self) -> Vec<u64> {
        self.run.sinks().map(|sink| sink.epoch).collect()
    }

    /// The sources, and the caller's open head.
    pub fn roots(&self) -> Vec<Root> {
        let lanes = self.plan().lanes.iter().enumerate().filter(|(_, lane)| lane.inlet.is_none());
        let roots = lanes.map(|(number, lane)| {
            let (_, record) = self.map().record(number).restore();
            let given = record[values::GIVEN];
            let since_mark = record[values::TAIL].wrapping_sub(record[values::MARK]);
            Root {
                is_source: lane.first().kind == Kind::Source,
                given,
                marks: self.flags(number).epoch,
                before_mark: if lane.outlet.is_some() { given.wrapping_sub(since_mark) } else { 0 },
            }
        });
        roots.collect()
    }

    /// Does it wait to be woken?
    pub fn sleeps(&self, lane: usize) -> bool {
        self.bells(lane).any(|bell| bell.0.load(Ordering::Relaxed) != 0)
    }

    /// Where a lane may sleep. Only the caller waits for sinks.
    fn bells(&self, lane: usize) -> impl Iterator<Item = Bell<'static>> {
        let own = (lane < self.lanes()).then(|| self.map().bell(lane));
        let audience = (lane == self.callers_end()).then(|| self.map().audience());
        own.into_iter().chain(audience)
    }

    /// What the supervisor does after a death.
    pub fn ring_all(&self) {
        self.run.ring_all();
    }

    /// Every lane returns as soon as it looks.
    pub fn stop(&self) {
        self.map().stop().store(1, Ordering::Relaxed);
    }

    /// One life of a worker's lane: it begins where the record says.
    ///
    /// # Errors
    /// What the worker has failed for.
    pub fn live(&self, lane: usize) -> Result<(), String> {
        match catch_unwind(AssertUnwindSafe(|| self.work(lane))) {
            Err(panic) => Err(format!("a panic: {}", said(&*panic))),
            Ok(Err(failure)) if !failure.is_stopped() => Err(failure.to_string()),
            Ok(_) => Ok(()),
        }
    }

    fn work(&self, number: usize) -> Result<(), Failure> {
        let planned = &self.plan().lanes[number];
        meter::enter(planned.index, planned.of);
        let mut lane = assemble(self.map(), self.plan(), number, self.cores, Side::Worker);
        let mut facts = Facts::default();
        (self.declared.entry)(Task::Infer(&mut facts), None)?;
        let is_again = recovery(planned, |stage| facts.stages[&stage], false) == Recovery::Replay;
        if is_again {
            lane.give_again();
        }
        lane.go_on(planned.stages.len(), is_again);
        let mut outcome = None;
        let pools = 0..self.declared.table.pools.len();
        let own: Vec<_> = pools.map(|declared| lane.own_pool(declared)).collect();
        let mut pool = |declared: usize| match own[declared].clone() {
            Some(pool) => AnyPool::Shared(pool),
            None => AnyPool::Heap(HeapPool::new(0, 0, None)),
        };
        let parts =
            ScopeParts { params: Decoder::new(self.map().params()).with_references(), pools: &mut pool };
        let task = Task::Work { job: planned.job, lane: &mut lane, outcome: &mut outcome };
        (self.declared.entry)(task, Some(parts))?;
        outcome.unwrap_or_else(|| Err(Failure::new("the wiring has no such stage")))
    }

    /// Which of the caller's ends it is: its head?
    pub fn is_head(&self, lane: usize) -> bool {
        self.plan().lanes[lane].first().kind == Kind::Input
    }

    /// The error of the caller's ends, if there was one.
    pub fn error(&self) -> Option<String> {
        use crate::context::Control;
        self.run.error().map(|error| error.to_string())
    }

    /// Of all lanes, and of all stages behind the first one of a lane: of these only what they have taken.
    pub fn figures(&self) -> Vec<Figures> {
        let lanes = self.plan().lanes.iter().enumerate();
        let inner = lanes.clone().flat_map(|(number, plan)| {
            let desk = self.map().desk(number);
            let behind = plan.stages.iter().enumerate().skip(1);
            behind.map(move |(at, stage)| Figures {
                stage: stage.stage,
                taken: desk.of_stage(at).messages(),
                given: 0,
                dropped: 0,
            })
        });
        let lanes = lanes.map(|(number, plan)| {
            let (_, record) = self.map().record(number).restore();
            let drops = self.map().shape(number).drops();
            let dropped = drops.map_or(&[][..], |drops| &record[drops.written()..]);
            Figures {
                stage: plan.first().stage,
                taken: record[values::TAKEN],
                given: record[values::GIVEN],
                dropped: dropped.iter().sum(),
            }
        });
        lanes.chain(inner).collect()
    }

    /// Chunks that somebody holds.
    pub fn held_chunks(&self) -> usize {
        self.map().pools().iter().map(|pool| pool.held()).sum()
    }

    /// Ranges that somebody has claimed and not done.
    pub fn open_claims(&self) -> usize {
        let lanes = self.plan().lanes.iter().enumerate();
        let open = lanes.flat_map(|(lane, plan)| {
            let groups = plan.outlet.iter().flat_map(|ring| &ring.groups).enumerate();
            let shared = groups.filter(|(_, group)| group.shared);
            shared.map(move |(number, group)| {
                let (claims, _) = self.map().claims(lane, number);
                (0..group.members.len()).map(|member| claims.open(member).len()).sum::<usize>()
            })
        });
        open.sum()
    }
}

/// Rings are short, so that they are often full, and the memory is soon copied.
fn small(declared: &Declared) -> Settings {
    let mut settings = declared.settings.clone();
    let pipes = (0..).zip(declared.table.elements).filter(|(_, element)| element.kind == Kind::Pipe);
    for (pipe, _) in pipes {
        settings.capacities.entry(pipe).or_insert(SLOTS);
        settings.limits.entry(pipe).or_insert(ARENA_BYTES);
    }
    settings
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;
    use std::time::Duration;

    /// How many messages of 25 us each lane would take at once.
    fn wants<In: Message, Out: Message>(pipeline: &crate::Pipeline<In, Out>) -> Vec<(String, u64)> {
        let stand =
            Stand::<In, Out>::new(pipeline.declared().expect("it is right"), 0).expect("there is memory");
        let workers = stand.plan().lanes.iter().enumerate().filter(|(_, lane)| !lane.is_callers());
        let want = |(number, lane): (usize, &LanePlan)| {
            let mut pace = assemble(stand.map(), stand.plan(), number, stand.cores, Side::Worker).pace;
            (0..9).for_each(|_| pace.learn(pace.want(), Duration::from_micros(25 * pace.want())));
            (lane.to_string(), pace.want())
        };
        workers.map(want).collect()
    }

    #[test]
    fn lanes_that_share_take_longer_runs() {
        let farm = pipeline! {
            <u64 -> u64>;
            processor alone = |x| x;
            processor shared = |x| x;
            alone -> pipe(64) -> balanced fork(2) { shared } -> pipe(64) -> join merge;
        };
        let found = wants(&farm);
        assert!(found.iter().any(|(name, _)| name.contains("shared")), "{found:?}");
        for (name, want) in found {
            assert_eq!(want, if name.contains("shared") { 4 } else { 1 }, "{name}");
        }
    }
}
