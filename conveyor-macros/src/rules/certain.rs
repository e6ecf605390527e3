//! What is certain of a graph in which something is wrong. What seems to be missing may be what an unknown name was meant
//! to be, or an element that nobody uses: then it has been said, and is not said again.

use crate::graph::{Graph, Kind};
use petgraph::graph::NodeIndex;

/// Nothing leads to it, and nothing that has been reported could.
pub(super) fn begins(graph: &Graph<'_>, node: NodeIndex) -> bool {
    let could_lead_here = |other: NodeIndex| match graph.node(other).kind {
        Kind::Fork(_) => graph.behind(other).is_empty(),
        Kind::Pipeline(_) => is_unused(graph, other),
        kind => kind.is_source() && is_unused(graph, other),
    };
    graph.before(node).is_empty() && is_clear(graph, node) && !graph.nodes().any(could_lead_here)
}

/// It leads to nothing, and to nothing that has been reported it could.
pub(super) fn ends(graph: &Graph<'_>, node: NodeIndex) -> bool {
    let could_follow = |other: NodeIndex| match graph.node(other).kind {
        Kind::Pipeline(_) => is_unused(graph, other),
        kind => kind.is_sink() && is_unused(graph, other),
    };
    graph.behind(node).is_empty()
        && is_clear(graph, node)
        && !is_in_doubt(graph, node)
        && !lacks_its_branches(graph)
        && !graph.nodes().any(could_follow)
}

/// There is a join that nothing leads to: what comes together without one was meant for it.
pub(super) fn lacks_its_branches(graph: &Graph<'_>) -> bool {
    let is_left_out =
        |node: NodeIndex| matches!(graph.node(node).kind, Kind::Join(_)) && graph.before(node).is_empty();
    graph.nodes().any(is_left_out)
}

/// An unknown name may stand for what has a name, and for nothing else.
pub(super) fn is_clear(graph: &Graph<'_>, node: NodeIndex) -> bool {
    !graph.is_refused(node) && (graph.names_are_known || graph.node(node).name.is_none())
}

/// Has it been refused, or is it a pipe behind what has been? Who is meant may be a sink, and lead nowhere.
pub(super) fn is_in_doubt(graph: &Graph<'_>, node: NodeIndex) -> bool {
    let is_pipe = matches!(graph.node(node).kind, Kind::Pipe(_));
    let origin = graph.only_before(node).filter(|_| is_pipe);
    graph.is_refused(node) || origin.is_some_and(|origin| graph.is_refused(origin))
}

fn is_unused(graph: &Graph<'_>, node: NodeIndex) -> bool {
    graph.node(node).uses.is_empty()
}
