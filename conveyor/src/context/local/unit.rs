//! What runs as one: a stage alone, or a row of stages.

use crate::graph::plan::Plan;
use crate::graph::table::{Kind, Table};

pub(crate) struct Unit {
    /// The stage's or the group's number.
    pub(crate) number: u32,
    /// Its lanes, in the order in which messages pass them.
    pub(crate) lanes: Vec<usize>,
}

impl Unit {
    pub(crate) fn first(&self) -> usize {
        self.lanes[0]
    }

    pub(crate) fn last(&self) -> usize {
        self.lanes[self.lanes.len() - 1]
    }
}

/// Every lane but the caller's ends, alone.
pub(crate) fn single_stages(plan: &Plan) -> Vec<Unit> {
    let lanes = plan.lanes.iter().enumerate();
    let lanes = lanes.filter(|(_, lane)| !matches!(lane.kind, Kind::Input | Kind::Output));
    lanes.map(|(number, lane)| Unit { number: lane.stage, lanes: vec![number] }).collect()
}

/// The table's groups, each as often as its stages have lanes.
pub(crate) fn rows(table: &Table, plan: &Plan) -> Vec<Unit> {
    let groups = table.groups.iter().enumerate();
    let rows = groups.flat_map(|(number, stages)| {
        let lanes_of = |stage: u32| {
            let lanes = plan.lanes.iter().enumerate();
            lanes.filter(move |(_, lane)| lane.stage == stage).map(|(number, _)| number).collect::<Vec<_>>()
        };
        let columns: Vec<_> = stages.iter().map(|stage| lanes_of(*stage)).collect();
        let width = columns.iter().map(Vec::len).min().unwrap_or(0);
        (0..width).map(move |index| Unit {
            number: number as u32,
            lanes: columns.iter().map(|lanes| lanes[index]).collect(),
        })
    });
    rows.collect()
}
