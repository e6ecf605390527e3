//! CV009: no cycle.

use crate::diagnostics::Diagnostics;
use crate::graph::Graph;
use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;

/// Reports each cycle at all of its arrows, and refuses what lies on it: a walk along the flow stops there.
pub(super) fn check(graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let mut cycles: Vec<Vec<NodeIndex>> = tarjan_scc(&graph.inner);
    cycles.retain(|nodes| nodes.len() > 1 || nodes.iter().any(|node| graph.behind(*node).contains(node)));
    for nodes in cycles {
        let inside = |node: &NodeIndex| nodes.contains(node);
        let mut arrows: Vec<_> = graph
            .inner
            .raw_edges()
            .iter()
            .filter(|edge| inside(&edge.source()) && inside(&edge.target()))
            .map(|edge| edge.weight)
            .collect();
        arrows.sort_by_key(|edge| edge.order);
        arrows.dedup_by_key(|edge| edge.link);
        let text = "CV009: these arrows form a cycle: leave one out, or declare twice what is to work twice";
        diagnostics.everywhere(arrows.iter().map(|edge| (edge.arrow, text.to_owned())).collect());
        graph.refuse(nodes);
    }
}
