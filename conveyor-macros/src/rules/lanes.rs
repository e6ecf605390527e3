//! The workers of a `balanced fork(n)` come together only in a join: CV008.

use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use petgraph::Direction::Incoming;

/// Gives whether they do.
pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let mut holds = true;
    for node in graph.used() {
        let lanes = &graph.node(node).lanes;
        for (before, edge) in graph.arrows(node, Incoming) {
            let expected = graph.lanes_behind(before);
            let is_join = matches!(graph.node(node).kind, Kind::Join(_));
            if *lanes == expected || is_join && expected.starts_with(lanes) {
                continue;
            }
            holds = false;
            match expected.iter().find(|fork| !lanes.contains(fork)) {
                Some(fork) => {
                    let here = format!(
                        "CV008: ambiguous join: workers reach {} together: write `-> pipe -> join merge` (or ordered)",
                        graph.called(node)
                    );
                    let there = "CV008: these are the workers of this fork".to_owned();
                    diagnostics.conflict([(edge.arrow, here), (graph.place(*fork), there)]);
                }
                None => {
                    let text = format!(
                        "CV008: {} stands inside the braces of a `balanced fork(n)`, but this arrow comes from outside",
                        graph.called(node)
                    );
                    diagnostics.error(edge.arrow, text);
                }
            }
        }
    }
    holds && open_ends(graph, diagnostics)
}

fn open_ends(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let mut holds = true;
    for end in graph.open_ends() {
        if let Some(fork) = graph.node(end).lanes.last() {
            let here = "CV008: ambiguous join: workers reach the end together: write `-> pipe -> join merge` (or ordered)";
            let there = "CV008: these are the workers of this fork";
            diagnostics
                .conflict([(graph.place(end), here.to_owned()), (graph.place(*fork), there.to_owned())]);
            holds = false;
        }
    }
    holds
}
