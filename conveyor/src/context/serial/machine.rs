//! All stages of a run, in one thread.
//!
//! Stages are moved downstream first: so what is in the channels stays little. A stage moves only while there is room
//! in its outlet, and so nothing ever has to wait inside a step; a step itself may give more than there is room for.

use crate::Result;
use crate::context::local::{Run, Script, caught, failed, panicked};
use crate::graph::plan::{Inlet, Plan};
use crate::meter;
use crate::value::{Build, Order, Stage, Turn};
use crossbeam_channel::Select;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Instant;

pub(super) struct Machine {
    run: Arc<Run>,
    /// What is still to be built.
    orders: Option<(Script, Vec<Order>)>,
    /// By lane; those that have not ended, downstream first.
    stages: Vec<(usize, Box<dyn Stage>)>,
}

impl Machine {
    pub(super) fn new(run: Arc<Run>, script: Script, orders: Vec<Order>) -> Machine {
        Machine { run, orders: Some((script, orders)), stages: Vec::new() }
    }

    /// The run has been stopped or has failed.
    pub(super) fn is_over(&self) -> bool {
        self.run.halt.is_called()
    }

    /// Every stage gets a turn; if nothing moves, one that may drop messages does. `false` when nothing can move any
    /// more.
    pub(super) fn sweep(&mut self) -> bool {
        if let Some((script, orders)) = self.orders.take() {
            self.build(&script, orders);
        }
        let moved = self.pass(|stage| stage.turn(), usize::MAX) || self.pass(|stage| stage.press(), 1);
        if self.is_over() {
            self.drop_all();
        }
        if self.stages.is_empty() {
            self.run.over();
        }
        moved
    }

    /// Asks one stage after the other, until so many have moved.
    fn pass(&mut self, ask: impl Fn(&mut dyn Stage) -> Result<Turn>, limit: usize) -> bool {
        let mut moved = 0;
        let mut at = 0;
        while at < self.stages.len() && moved < limit && !self.is_over() {
            match self.ask(at, &ask) {
                Turn::Idle => at += 1,
                Turn::Moved => {
                    moved += 1;
                    at += 1;
                }
                Turn::Ended => {
                    moved += 1;
                    let (lane, stage) = self.stages.remove(at);
                    self.drop_stage(lane, stage);
                }
            }
        }
        moved > 0
    }

    /// Adds everything that can bring something to do.
    pub(super) fn watch<'a>(&'a self, select: &mut Select<'a>) {
        self.stages.iter().for_each(|(_, stage)| stage.watch(select));
    }

    fn build(&mut self, script: &Script, orders: Vec<Order>) {
        let outside = meter::inside();
        let built = script.build(&self.run, Build::new(orders), None);
        drop(outside);
        let depths = depths(&self.run.plan);
        self.stages = built;
        self.stages.sort_by_key(|(lane, _)| (Reverse(depths[*lane]), *lane));
    }

    fn ask(&mut self, at: usize, ask: &impl Fn(&mut dyn Stage) -> Result<Turn>) -> Turn {
        let (number, stage) = &mut self.stages[at];
        let lane = &self.run.plan.lanes[*number];
        let outside = meter::inside();
        meter::enter(lane.index, lane.of);
        let started = Instant::now();
        let outcome = caught(|| ask(&mut **stage));
        drop(outside);
        self.run.add_work(*number, started.elapsed());
        let wrong = match outcome {
            Ok(Ok(turn)) => return turn,
            Ok(Err(failure)) => failed(&failure, false),
            Err(panic) => Some(panicked(panic)),
        };
        stage.publish(); // before anybody hears of the failure
        if let Some((error, place)) = wrong {
            let position = stage.position();
            self.run.fail(self.run.blame(*number, error, place, position));
        }
        Turn::Idle
    }

    fn drop_stage(&self, lane: usize, stage: Box<dyn Stage>) {
        if let Err(panic) = caught(|| drop(stage)) {
            let (error, place) = panicked(panic);
            self.run.fail(self.run.blame(lane, error, place, None));
        }
    }

    fn drop_all(&mut self) {
        for (lane, stage) in std::mem::take(&mut self.stages) {
            self.drop_stage(lane, stage);
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.run.stop();
        self.drop_all();
    }
}

/// How far each lane is from the sources.
fn depths(plan: &Plan) -> Vec<usize> {
    let mut depths = vec![None; plan.lanes.len()];
    (0..plan.lanes.len()).map(|lane| depth(plan, lane, &mut depths)).collect()
}

fn depth(plan: &Plan, lane: usize, known: &mut [Option<usize>]) -> usize {
    if let Some(depth) = known[lane] {
        return depth;
    }
    let taps = plan.lanes[lane].inlet.iter().flat_map(Inlet::taps);
    let depth = taps.map(|tap| depth(plan, tap.ring, known) + 1).max().unwrap_or(0);
    known[lane] = Some(depth);
    depth
}
