//! The channels of a plan.

use super::run::Run;
use crate::graph::facts::{Facts, TypeFacts};
use crate::graph::plan::{Inlet, LanePlan, RingPlan, TOMBSTONES};
use crate::graph::table::Kind;
use crate::meter::at_work::Giver;
use crate::ring::WhenFull;
use crate::value::{
    AnyPort, Brim, Dropped, InletKit, Kit, Member, Notes, Order, Ports, RingKit, Row, Streams, typed,
};
use std::collections::BTreeMap;

/// Without a word of the user a channel holds so many messages,
const MESSAGES: usize = 8192;
/// and no more bytes than this.
const BYTES: usize = 16 << 20;

/// What is to be built, and the ends that are left for the caller.
pub(crate) struct Assembly {
    pub(crate) orders: Vec<Order>,
    /// An `Outbox`, if there is an open head.
    pub(crate) head: Option<AnyPort>,
    /// A boxed `Intake`, if there is an open end.
    pub(crate) end: Option<AnyPort>,
    /// Their marks and their end come out here.
    pub(crate) sinks: Option<Streams<()>>,
}

/// Connects the lanes. `waits`: a lane waits for room in its outlet, because each has a thread of its own. What the
/// caller sends always waits.
pub(crate) fn assemble(run: &Run, facts: &Facts, waits: bool) -> Assembly {
    let mut channels = Channels { run, facts, lines: BTreeMap::new(), notes: BTreeMap::new() };
    let end = run.plan.lanes.iter().position(|lane| lane.first().kind == Kind::Output);
    let head = run.plan.lanes.iter().position(|lane| lane.first().kind == Kind::Input);
    (0..run.plan.lanes.len()).for_each(|reader| channels.open_notes(reader));

    let lanes = || run.plan.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_callers());
    let sinks = lanes().filter(|(_, lane)| lane.outlet.is_none()).count();
    let sink_notes = Notes::new(sinks);
    let mut sink_lines = Vec::new();
    let head = head.map(|head| channels.ring(head, true));
    let outlets = lanes().map(|(number, lane)| match &lane.outlet {
        Some(_) => channels.ring(number, waits),
        None => {
            let member = Member { notes: sink_notes.sender(), part: sink_lines.len() };
            let (outlet, line) = channels.sink(giver(lane), member);
            sink_lines.push(line);
            outlet
        }
    });
    let outlets: Vec<_> = outlets.collect();

    let ports = lanes().zip(outlets).map(|((number, lane), outlet)| {
        let ports = Ports {
            members: lane.givers().collect(),
            inlet: channels.inlet(number),
            outlet,
            row: Row(run.meters[number].clone()),
            halt: run.halt_of(number),
            marks: run.marks.clone(),
        };
        Order { job: lane.job, lane: number, place: (lane.index, lane.of), ports }
    });
    let orders = ports.collect();
    let end = end.and_then(|end| channels.inlet(end));
    let sinks = (sinks > 0).then(|| {
        let lines = sink_lines.into_iter().map(typed).collect();
        Streams::new(lines, sink_notes, 0)
    });
    Assembly { orders, head, end, sinks }
}

struct Channels<'r> {
    run: &'r Run,
    facts: &'r Facts,
    /// The reading ends, by the reader's lane and part.
    lines: BTreeMap<(usize, usize), AnyPort>,
    /// By the reader's lane.
    notes: BTreeMap<usize, Notes>,
}

impl Channels<'_> {
    fn open_notes(&mut self, reader: usize) {
        if let Some(inlet) = &self.run.plan.lanes[reader].inlet {
            self.notes.insert(reader, Notes::new(inlet.rings()));
        }
    }

    /// What a lane gives.
    fn gives(&self, lane: usize) -> Option<TypeFacts> {
        let last = self.run.plan.lanes[lane].last();
        match last.kind {
            Kind::Input => self.facts.input,
            _ => self.facts.stages.get(&last.stage).map(|facts| facts.gives),
        }
    }

    /// What a lane takes.
    fn takes(&self, lane: usize) -> Option<TypeFacts> {
        let first = self.run.plan.lanes[lane].first();
        match first.kind {
            Kind::Output => self.facts.output,
            _ => self.facts.stages.get(&first.stage).map(|facts| facts.takes),
        }
    }

    /// The outlet of a lane. Keeps the reading ends for its readers.
    fn ring(&mut self, lane: usize, waits: bool) -> AnyPort {
        let plan = self.run.plan.lanes[lane].outlet.as_ref().expect("the caller has looked");
        let gives = self.gives(lane).expect("the wiring has a type for every stage of the table");
        let copier = plan.fork.and_then(|fork| self.facts.copiers.get(&fork));
        let members = plan.groups.iter().map(|group| {
            let readers = group.members.iter().map(|reader| self.notes[reader].sender());
            readers.map(|notes| Member { notes, part: group.part }).collect()
        });
        let kit = RingKit {
            giver: giver(&self.run.plan.lanes[lane]),
            brim: brim(plan, gives.size, waits, &self.run.dropped[lane]),
            tagged: plan.depth > 0,
            copy: copier.map(|copier| copier()),
            groups: members.collect(),
            halt: self.run.halt_of(lane),
        };
        let (outlet, lines) = (gives.kit.ring)(kit);
        for (group, lines) in plan.groups.iter().zip(lines) {
            for (reader, line) in group.members.iter().zip(lines) {
                self.lines.insert((*reader, group.part), line);
            }
        }
        outlet
    }

    /// What a sink has for an outlet.
    fn sink(&self, giver: Giver, member: Member) -> (AnyPort, AnyPort) {
        let kit = RingKit {
            giver,
            brim: Brim::of_sink(),
            tagged: false,
            copy: None,
            groups: vec![vec![member]],
            halt: self.run.halt.clone(),
        };
        let (outlet, lines) = (Kit::of::<()>().ring)(kit);
        let line = lines.into_iter().flatten().next().expect("it was asked for one reader");
        (outlet, line)
    }

    fn inlet(&mut self, lane: usize) -> Option<AnyPort> {
        let LanePlan { inlet, depth, .. } = &self.run.plan.lanes[lane];
        let plan = inlet.as_ref()?;
        let takes = self.takes(lane).expect("the wiring has a type for every stage of the table");
        let lines = (0..plan.rings()).map(|part| {
            self.lines
                .remove(&(lane, part))
                .expect("every ring of the plan has been made, with all its readers")
        });
        let lines = lines.collect();
        let notes = self.notes.remove(&lane).expect("every reader has notes");
        let kit = InletKit { lines, notes, opens: self.opens(plan) };
        Some(match plan {
            Inlet::Whole(_) | Inlet::Share(_) | Inlet::Merge(_) => (takes.kit.streams)(kit),
            Inlet::Ordered(_) => (takes.kit.ordered)(kit),
            Inlet::Zip(join, _) => self.facts.gathers[join](kit.lines, kit.notes, *depth),
        })
    }

    fn opens(&self, inlet: &Inlet) -> usize {
        match inlet {
            Inlet::Whole(tap) | Inlet::Share(tap) => self.run.plan.ring(tap).groups[tap.group].opens,
            Inlet::Merge(_) | Inlet::Ordered(_) | Inlet::Zip(..) => 0,
        }
    }
}

/// Who gives what a lane gives.
fn giver(lane: &LanePlan) -> Giver {
    lane.givers().next_back().expect("a lane has a stage")
}

/// How much the channels behind a lane hold.
fn brim(ring: &RingPlan, size: usize, waits: bool, dropped: &Dropped) -> Brim {
    let fitting = ring.limit_bytes.unwrap_or(BYTES) / size.max(1);
    let messages = ring.capacity.unwrap_or(MESSAGES).min(fitting).max(1);
    let beyond = match ring.options.when_full {
        WhenFull::DropNewest if ring.depth > 0 => TOMBSTONES,
        WhenFull::DropOldest => MESSAGES.min(fitting).max(messages),
        WhenFull::Block | WhenFull::DropNewest => 0,
    };
    let (when_full, batch) = (ring.options.when_full, ring.options.batch);
    Brim { messages, when_full, beyond, waits, batch, dropped: dropped.clone() }
}
