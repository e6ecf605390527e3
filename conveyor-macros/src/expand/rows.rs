//! Maximal rows of stages that one static loop can run.

use super::plan::Plan;
use crate::graph::Kind;
use petgraph::graph::NodeIndex;

/// Every source, processor, sink and relay is in exactly one row; rows are in the order of their first stage.
pub(super) fn rows(plan: &Plan<'_, '_>) -> Vec<Vec<NodeIndex>> {
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

/// Input and output are the caller's.
fn runs(plan: &Plan<'_, '_>, node: NodeIndex) -> bool {
    matches!(plan.graph.node(node).kind, Kind::Stage(..) | Kind::Relay)
}

/// The stage at the other end of the pipe in front, if nothing but a pipe lies between.
fn stage_before(plan: &Plan<'_, '_>, node: NodeIndex) -> Option<NodeIndex> {
    let pipe =
        plan.graph.only_before(node).filter(|pipe| matches!(plan.graph.node(*pipe).kind, Kind::Pipe(_)))?;
    plan.graph.only_before(pipe).filter(|before| runs(plan, *before))
}
