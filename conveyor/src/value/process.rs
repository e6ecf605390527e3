//! A processor, a sink, a relay, or a row of them.

use super::halt::Halt;
use super::intake::{AtHand, Intake, Next};
use super::kit::typed;
use super::order::Ports;
use super::outbox::Outbox;
use super::parcel::Parcel;
use super::row::Row;
use super::stage::{Stage, TURN_MAX, Turn};
use crate::element::at_home::AtHome;
use crate::element::outlet::Timed;
use crate::element::step::Step;
use crate::meter::at_work::{self, Giver};
use crate::meter::{Pace, Sampler};
use crate::{Failure, Input, Result};
use crossbeam_channel::Select;
use std::sync::Arc;
use std::time::Duration;

type Taken<S> = <<S as Step>::In as Input>::Message;

pub(super) struct Process<S: Step> {
    step: AtHome<S>,
    inlet: Box<dyn Intake<Taken<S>>>,
    outlet: Outbox<S::Out>,
    pace: Pace,
    sampler: Sampler,
    row: Row,
    members: Arc<[Giver]>,
    halt: Halt,
    taken: u64,
    /// Of the message at work.
    position: Option<u64>,
    /// It is the one that was last taken from the inlet's hand.
    in_hand: bool,
}

impl<S: Step + 'static> Process<S> {
    pub(super) fn new(step: S, ports: Ports) -> Process<S> {
        let inlet = ports.inlet.expect("the plan gives an inlet to every stage that is no source");
        Process {
            step: AtHome::new(step),
            inlet: typed(inlet),
            outlet: typed(ports.outlet),
            pace: Pace::new(TURN_MAX),
            sampler: Sampler::default(),
            row: ports.row,
            members: ports.members,
            halt: ports.halt,
            taken: 0,
            position: None,
            in_hand: false,
        }
    }

    /// Takes messages while there are some, and room for what becomes of them.
    fn take(&mut self, limit: u64, room: u64) -> Result<Turn> {
        let (taken, given) = (self.taken, self.outlet.given());
        while self.taken - taken < limit && self.outlet.given() - given < room {
            let left = limit - (self.taken - taken);
            if !self.outlet.is_tagged() && self.take_hand(left, given.saturating_add(room))? {
                continue;
            }
            self.outlet.begin_step();
            match self.inlet.next(&mut self.outlet.tags) {
                Next::Message { position, sent, value } => {
                    at_work::begin(sent.0, sent.1);
                    self.step(position, value)?;
                }
                Next::Flush(epoch) => {
                    at_work::end();
                    self.outlet.begin_step();
                    self.step.flush(&mut self.outlet)?;
                    self.outlet.end_step()?;
                    self.outlet.mark(epoch);
                    return Ok(Turn::Moved);
                }
                Next::Ended => return self.end(),
                Next::Empty if self.taken == taken => return Ok(Turn::Idle),
                Next::Empty => break,
            }
        }
        Ok(Turn::Moved)
    }

    /// Takes what is at hand, in one loop, until `limit` messages are taken or `full` given; `false` if nothing was.
    fn take_hand(&mut self, limit: u64, full: u64) -> Result<bool> {
        let Process { step, inlet, outlet, sampler, .. } = self;
        let Some(AtHand { sent, hand }) = inlet.hand() else {
            return Ok(false);
        };
        at_work::begin(sent.0, sent.1);
        self.in_hand = true;
        let before = hand.len();
        let left = before.saturating_sub(limit as usize);
        let mut outcome = Ok(());
        if S::ROW
            && sampler.take()
            && let Some(Parcel::Plain(message)) = hand.next()
        {
            outcome = S::In::lend(message, |input| step.step(input, &mut Timed(outlet)));
        }
        let outcome: Result<()> = outcome.and_then(|()| {
            step.in_loop(|step| {
                step.settle();
                while hand.len() > left && outlet.given() < full {
                    at_work::at(before - hand.len());
                    if let Some(Parcel::Plain(message)) = hand.next() {
                        S::In::lend(message, |input| step.step(input, outlet))?;
                    }
                }
                Ok(())
            })
        });
        self.taken += (before - hand.len()) as u64 - u64::from(outcome.is_err());
        outcome?;
        self.in_hand = false;
        Ok(true)
    }

    #[inline]
    fn step(&mut self, position: Option<u64>, value: Option<Taken<S>>) -> Result<()> {
        if let Some(message) = value {
            self.position = Some(position.unwrap_or(self.taken));
            let Process { step, outlet, sampler, .. } = self;
            S::In::lend(message, |input| match S::ROW && sampler.take() {
                true => step.step(input, &mut Timed(outlet)),
                false => step.step(input, outlet),
            })?;
            self.position = None;
            self.taken += 1;
        }
        self.outlet.end_step()
    }

    fn end(&mut self) -> Result<Turn> {
        // a stream that breaks off because the run is being stopped has not ended
        if self.halt.is_called() {
            return Err(Failure::stopped());
        }
        at_work::end();
        self.outlet.begin_step();
        self.step.finish(&mut self.outlet)?;
        self.outlet.end_step()?;
        self.outlet.close();
        Ok(Turn::Ended)
    }

    fn note(&mut self) {
        let row = &self.row;
        row.set_ends(self.taken, self.outlet.given());
        self.step.counts(&mut |at, taken| row.set_taken(at, taken));
    }
}

impl<S: Step + 'static> Process<S> {
    /// Takes at most `limit` messages, or as many as the pace says.
    fn work(&mut self, limit: Option<u64>) -> Result<Turn> {
        if self.halt.is_called() {
            return Err(Failure::stopped());
        }
        let room = self.outlet.room();
        if room == 0 {
            return Ok(Turn::Idle);
        }
        if S::ROW {
            at_work::enter_row(Some(at_work::Row::counted(&self.members)));
        }
        let (before, waited) = (self.taken, self.outlet.waited());
        let timed = self.pace.start();
        self.sampler.begin(&self.pace);
        let turn = self.take(limit.unwrap_or(self.pace.want()), room);
        let taken = self.taken - before;
        if taken > 0 || matches!(turn, Ok(Turn::Ended)) {
            self.note();
        }
        let published = self.outlet.publish();
        if let (Some(desk), true) = (self.row.desk(), taken > 0) {
            let waited = self.outlet.waited() - waited;
            desk.waited_for_room(waited);
            if let Some(started) = timed {
                let cost = started.elapsed().saturating_sub(waited);
                self.pace.learn(taken, cost);
                self.inlet.set_want(self.pace.want());
                if !S::ROW {
                    desk.timed(taken, cost, self.inlet.waiting() as u64);
                }
            }
            if S::ROW && self.sampler.has_taken() {
                let (row, fill) = (&self.row, self.inlet.waiting() as u64);
                self.step.costs(&mut |at, cost| row.timed(at, cost, fill));
            }
        }
        let turn = turn?;
        published.map(|()| turn)
    }
}

impl<S: Step + 'static> Stage for Process<S> {
    fn turn(&mut self) -> Result<Turn> {
        self.work(None)
    }

    fn press(&mut self) -> Result<Turn> {
        self.outlet.press(true);
        let turn = self.work(Some(1));
        self.outlet.press(false);
        turn
    }

    fn position(&self) -> Option<u64> {
        if self.in_hand { self.inlet.last() } else { self.position }
    }

    fn rest(&mut self) -> bool {
        self.inlet.rest()
    }

    fn holds_input(&mut self) -> bool {
        self.inlet.holds_any()
    }

    fn publish(&mut self) {
        // if nobody reads it any more the run is over anyway
        let _ = self.outlet.publish();
    }

    fn watch<'a>(&'a self, select: &mut Select<'a>) {
        self.inlet.watch(select);
    }

    fn watch_marks<'a>(&'a self, select: &mut Select<'a>) {
        self.inlet.watch_marks(select);
    }

    fn waited_for_input(&self, time: Duration) {
        if let Some(desk) = self.row.desk() {
            desk.waited_for_input(time);
        }
    }
}
