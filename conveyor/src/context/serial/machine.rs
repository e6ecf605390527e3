//! All stages of a run, in one thread.
//!
//! Stages are moved downstream first: so what is in the channels stays little. A stage moves only while there is room
//! in its outlet, and so nothing ever has to wait inside a step; a step itself may give more than there is room for.

use crate::Result;
use crate::context::local::{Run, Script, Unit, caught, failed, panicked};
use crate::graph::plan::Plan;
use crate::meter;
use crate::value::{Build, Order, Stage, Turn, divide_work};
use crossbeam_channel::Select;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

pub(super) struct Machine {
    run: Arc<Run>,
    units: Vec<Unit>,
    /// What is still to be built.
    orders: Option<(Script, Vec<Order>)>,
    /// The units that have not ended, downstream first.
    stages: Vec<(usize, Box<dyn Stage>)>,
}

impl Machine {
    pub(super) fn new(run: Arc<Run>, script: Script, units: Vec<Unit>, orders: Vec<Order>) -> Machine {
        Machine { run, units, orders: Some((script, orders)), stages: Vec::new() }
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
                    let (unit, stage) = self.stages.remove(at);
                    self.drop_stage(unit, stage);
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
        let built = script.build(&self.run, &self.units, Build::new(true, orders), None);
        meter::enter(0, 1);
        let depths = depths(&self.run.plan, &self.units);
        self.stages = built;
        self.stages.sort_by_key(|(unit, _)| (Reverse(depths[*unit]), *unit));
    }

    fn ask(&mut self, at: usize, ask: &impl Fn(&mut dyn Stage) -> Result<Turn>) -> Turn {
        let (unit, stage) = &mut self.stages[at];
        let lane = &self.run.plan.lanes[self.units[*unit].first()];
        meter::enter(lane.index, lane.of);
        let started = Instant::now();
        let outcome = caught(|| ask(&mut **stage));
        meter::enter(0, 1);
        let worked = started.elapsed();
        divide_work(self.units[*unit].lanes.iter().map(|lane| &*self.run.meters[*lane]), worked);
        let wrong = match outcome {
            Ok(Ok(turn)) => return turn,
            Ok(Err(failure)) => failed(&failure, false),
            Err(panic) => Some(panicked(panic)),
        };
        stage.publish(); // before anybody hears of the failure
        if let Some((error, place)) = wrong {
            let position = stage.position();
            self.run.fail(self.run.blame(&self.units[*unit], error, place, position));
        }
        Turn::Idle
    }

    fn drop_stage(&self, unit: usize, stage: Box<dyn Stage>) {
        if let Err(panic) = caught(|| drop(stage)) {
            let (error, place) = panicked(panic);
            self.run.fail(self.run.blame(&self.units[unit], error, place, None));
        }
    }

    fn drop_all(&mut self) {
        for (unit, stage) in std::mem::take(&mut self.stages) {
            self.drop_stage(unit, stage);
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.run.stop();
        self.drop_all();
    }
}

/// How far each unit is from the sources.
fn depths(plan: &Plan, units: &[Unit]) -> Vec<usize> {
    let lanes = units.iter().enumerate();
    let unit_of: BTreeMap<usize, usize> =
        lanes.flat_map(|(unit, Unit { lanes, .. })| lanes.iter().map(move |lane| (*lane, unit))).collect();
    let mut depths = vec![None; units.len()];
    for unit in 0..units.len() {
        depth(plan, units, &unit_of, unit, &mut depths);
    }
    depths.into_iter().flatten().collect()
}

fn depth(
    plan: &Plan,
    units: &[Unit],
    unit_of: &BTreeMap<usize, usize>,
    unit: usize,
    known: &mut [Option<usize>],
) -> usize {
    if let Some(depth) = known[unit] {
        return depth;
    }
    let inlet = plan.lanes[units[unit].first()].inlet.as_ref();
    let before = inlet.into_iter().flat_map(|inlet| inlet.taps()).filter_map(|tap| unit_of.get(&tap.ring));
    let depth = before.map(|before| depth(plan, units, unit_of, *before, known) + 1).max().unwrap_or(0);
    known[unit] = Some(depth);
    depth
}
