//! A source, or a row that starts with one.

use super::halt::Halt;
use super::kit::typed;
use super::order::Ports;
use super::outbox::Outbox;
use super::row::Row;
use super::stage::{Stage, TURN_MAX, Turn};
use crate::element::at_home::AtHome;
use crate::element::outlet::Timed;
use crate::element::step::Pump;
use crate::meter::at_work::{self, Giver};
use crate::meter::{Pace, Sampler};
use crate::sync::{AtomicU64, Ordering};
use crate::{Failure, Result};
use crossbeam_channel::Select;
use std::sync::Arc;
use std::time::Duration;

pub(super) struct Pumping<P: Pump> {
    pump: AtHome<P>,
    outlet: Outbox<P::Out>,
    pace: Pace,
    sampler: Sampler,
    row: Row,
    members: Arc<[Giver]>,
    halt: Halt,
    /// How many flush marks the caller has asked for, and the last one that the source has passed.
    marks: Arc<AtomicU64>,
    passed: u64,
}

impl<P: Pump + 'static> Pumping<P> {
    pub(super) fn new(pump: P, ports: Ports) -> Pumping<P> {
        let mut outlet: Outbox<P::Out> = typed(ports.outlet);
        if outlet.waits() {
            outlet.fill_openly();
        }
        Pumping {
            pump: AtHome::new(pump),
            pace: if outlet.is_of_sink() { Pace::of_whole_row() } else { Pace::new(TURN_MAX) },
            outlet,
            sampler: Sampler::default(),
            row: ports.row,
            members: ports.members,
            halt: ports.halt,
            marks: ports.marks,
            passed: 0,
        }
    }

    /// Pumps a run of messages, and says whether there are more.
    fn run(&mut self, room: u64) -> Result<bool> {
        let (given, waited) = (self.outlet.given(), self.outlet.waited());
        let timed = self.pace.start();
        let limit = self.pace.want().min(room);
        self.sampler.begin(&self.pace);
        let more = self.burst(limit as usize)?;
        if P::ROW && self.sampler.has_taken() {
            let row = &self.row;
            self.pump.costs(&mut |at, cost| row.timed(at, cost, 0));
        }
        let waited = self.outlet.waited() - waited;
        let given = self.outlet.given() - given;
        let cost = timed.map(|started| started.elapsed().saturating_sub(waited));
        if let Some(cost) = cost {
            self.pace.learn(limit, cost);
        }
        if let Some(desk) = self.row.desk() {
            desk.waited_for_room(waited);
            if let (Some(cost), false) = (cost, P::ROW) {
                desk.timed(given.max(1), cost, 0);
            }
        }
        Ok(more)
    }

    /// At most so many messages; of a row that is sampled, the first one stage by stage.
    fn burst(&mut self, limit: usize) -> Result<bool> {
        let Pumping { pump, outlet, sampler, .. } = self;
        let sampled = P::ROW && sampler.take();
        if sampled && !pump.pump(1, &mut Timed(outlet))? {
            return Ok(false);
        }
        pump.in_loop(|pump| {
            pump.settle();
            pump.pump(limit - usize::from(sampled), outlet)
        })
    }

    fn pass_marks(&mut self) -> Result<()> {
        let epoch = self.marks.load(Ordering::Acquire);
        if epoch > self.passed {
            self.pump.flush(&mut self.outlet)?;
            self.passed = epoch;
            self.outlet.mark(epoch);
        }
        Ok(())
    }

    fn note(&self) {
        let row = &self.row;
        row.set_ends(0, self.outlet.given());
        self.pump.counts(&mut |at, taken| row.set_taken(at, taken));
    }
}

impl<P: Pump + 'static> Stage for Pumping<P> {
    fn turn(&mut self) -> Result<Turn> {
        if self.halt.is_called() {
            return Err(Failure::stopped());
        }
        let room = self.outlet.room();
        if room == 0 {
            return Ok(Turn::Idle);
        }
        if P::ROW {
            at_work::enter_row(Some(at_work::Row::counted(&self.members)));
        }
        let more = if self.halt.is_winding_down() { Ok(false) } else { self.run(room) };
        self.note();
        let published = self.outlet.publish();
        let more = more?;
        published?;
        if more {
            self.pass_marks()?;
            return Ok(Turn::Moved);
        }
        self.pump.finish(&mut self.outlet)?;
        self.note();
        self.outlet.close();
        Ok(Turn::Ended)
    }

    /// A source is never asked for more than there is room for.
    fn press(&mut self) -> Result<Turn> {
        Ok(Turn::Idle)
    }

    fn rest(&mut self) -> bool {
        true
    }

    fn holds_input(&mut self) -> bool {
        false
    }

    fn publish(&mut self) {
        // if nobody reads it any more the run is over anyway
        let _ = self.outlet.publish();
    }

    /// A source has no inlet; its messages count as they are given. In a row only the source itself knows that.
    fn position(&self) -> Option<u64> {
        (self.row.0.len() == 1).then_some(self.outlet.given())
    }

    /// A source is never without something to do.
    fn watch<'a>(&'a self, _: &mut Select<'a>) {}

    /// A source is never without something to do.
    fn watch_marks<'a>(&'a self, _: &mut Select<'a>) {}

    fn waited_for_input(&self, _: Duration) {}
}
