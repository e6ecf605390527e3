//! Rows of stages that one static loop can run.

use super::plan::Plan;
use crate::ast::Choice;
use crate::graph::Kind;
use crate::rules::options::{refuses, says};
use petgraph::graph::NodeIndex;

pub(super) struct Rows {
    /// As long as they can be, in the order of their first stages: every source, processor, sink and relay is in
    /// exactly one.
    pub(super) maximal: Vec<Vec<NodeIndex>>,
    /// Parts of these that may have to run as one, because an option keeps others out.
    pub(super) parts: Vec<Vec<NodeIndex>>,
}

impl Rows {
    /// Rows of two stages or more, by number.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Vec<NodeIndex>> {
        self.maximal.iter().filter(|row| row.len() > 1).chain(&self.parts)
    }
}

pub(super) fn rows(plan: &Plan<'_, '_>) -> Rows {
    let maximal = maximal(plan);
    let may =
        |before: NodeIndex, behind: NodeIndex| is_asked_for(plan, before) || is_allowed(plan, before, behind);
    let asked = |before: NodeIndex, _| is_asked_for(plan, before);
    let mut rows = Rows { maximal, parts: Vec::new() };
    for row in &rows.maximal {
        for part in
            parts(row, may).chain(parts(row, asked)).filter(|part| part.len() > 1 && part.len() < row.len())
        {
            if !rows.parts.iter().any(|other| other == part) {
                rows.parts.push(part.to_vec());
            }
        }
    }
    rows
}

fn maximal(plan: &Plan<'_, '_>) -> Vec<Vec<NodeIndex>> {
    let mut rows: Vec<Vec<NodeIndex>> = Vec::new();
    for node in plan.sorted.iter().copied().filter(|node| runs(plan, *node)) {
        let before = stage_before(plan, node);
        match rows.iter_mut().find(|row| row.last().copied() == before && before.is_some()) {
            Some(row) => row.push(node),
            None => rows.push(vec![node]),
        }
    }
    rows
}

fn parts(
    row: &[NodeIndex],
    together: impl Fn(NodeIndex, NodeIndex) -> bool,
) -> impl Iterator<Item = &[NodeIndex]> {
    row.chunk_by(move |before, behind| together(*before, *behind))
}

/// Input and output are the caller's.
fn runs(plan: &Plan<'_, '_>, node: NodeIndex) -> bool {
    matches!(plan.graph.node(node).kind, Kind::Stage(..) | Kind::Relay)
}

/// The stage at the other end of the pipe in front, if nothing but a pipe lies between. A relay behind a pipeline may
/// vanish: so it stands alone.
fn stage_before(plan: &Plan<'_, '_>, node: NodeIndex) -> Option<NodeIndex> {
    let pipe =
        plan.graph.only_before(node).filter(|pipe| matches!(plan.graph.node(*pipe).kind, Kind::Pipe(_)))?;
    let may_vanish = |node: NodeIndex| {
        let before = plan.graph.only_before(node);
        matches!(plan.graph.node(node).kind, Kind::Relay)
            && before.is_some_and(|before| matches!(plan.graph.node(before).kind, Kind::Pipeline(_)))
    };
    plan.graph.only_before(pipe).filter(|before| runs(plan, *before) && !may_vanish(*before))
}

fn options<'p>(plan: &'p Plan<'_, '_>, node: NodeIndex) -> &'p [Choice] {
    plan.graph.node(node).options
}

/// `[fuse = next]`
fn is_asked_for(plan: &Plan<'_, '_>, before: NodeIndex) -> bool {
    says(options(plan, before), "fuse = next")
}

/// No option keeps two neighbours apart; as in the run-time's `plan/fusion`.
fn is_allowed(plan: &Plan<'_, '_>, before: NodeIndex, behind: NodeIndex) -> bool {
    let isolating = ["restart", "deadline", "on_poison"];
    let is_isolated =
        |node| options(plan, node).iter().any(|option| isolating.iter().any(|name| option.name == name));
    let pipe = plan.graph.only_before(behind);
    !says(options(plan, before), "fuse = none")
        && !is_isolated(before)
        && !is_isolated(behind)
        && pipe.is_none_or(|pipe| refuses(options(plan, pipe)).is_none())
}
