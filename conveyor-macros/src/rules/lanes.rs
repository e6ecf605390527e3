//! The workers of a `balanced fork(n)` come together only in a join: CV008.

use super::certain;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use petgraph::Direction::Incoming;
use petgraph::graph::NodeIndex;

pub(super) fn check(graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let wrong = stages(graph, diagnostics);
    graph.refuse(wrong);
    let wrong = open_ends(graph, diagnostics);
    graph.refuse(wrong);
}

fn stages(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> Vec<NodeIndex> {
    let mut wrong = Vec::new();
    for node in graph.used().filter(|node| certain::is_clear(graph, *node)) {
        let lanes = &graph.node(node).lanes;
        for (before, edge) in graph.arrows(node, Incoming) {
            let expected = graph.lanes_behind(before);
            let is_join = matches!(graph.node(node).kind, Kind::Join(_));
            let holds = *lanes == expected || is_join && expected.starts_with(lanes);
            if holds || certain::is_in_doubt(graph, before) {
                continue;
            }
            wrong.push(node);
            match expected.iter().find(|fork| !lanes.contains(fork)) {
                Some(fork) => {
                    together(graph, node, *fork, &graph.called(node), diagnostics);
                    break;
                }
                None => {
                    let text = format!(
                        "CV008: {} stands inside the braces of a `balanced fork(n)`, but this arrow comes from outside: \
                         lead it to the pipe in front of the fork, or write what it leads to behind the braces",
                        graph.called(node)
                    );
                    diagnostics.error(edge.arrow, text);
                }
            }
        }
    }
    wrong
}

fn open_ends(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> Vec<NodeIndex> {
    let mut wrong = Vec::new();
    for end in graph.open_ends().into_iter().filter(|end| certain::ends(graph, *end)) {
        if let Some(fork) = graph.node(end).lanes.last() {
            together(graph, end, *fork, "the end", diagnostics);
            wrong.push(end);
        }
    }
    wrong
}

fn together(
    graph: &Graph<'_>,
    node: NodeIndex,
    fork: NodeIndex,
    where_to: &str,
    diagnostics: &mut Diagnostics,
) {
    if certain::lacks_its_branches(graph) {
        return;
    }
    let here = format!(
        "CV008: ambiguous join: workers reach {where_to} together: write `-> pipe -> join merge` (or ordered)"
    );
    let there = "CV008: these are the workers of this fork".to_owned();
    diagnostics.conflict([(graph.place(node), here), (graph.place(fork), there)]);
}
