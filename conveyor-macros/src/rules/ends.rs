//! The open ends: CV007 (partial join), CV023 (more than one).

use crate::diagnostics::Diagnostics;
use crate::graph::Graph;
use petgraph::graph::NodeIndex;

/// Gives whether there is at most one on each side.
pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    heads(graph, diagnostics) && ends(graph, diagnostics)
}

fn heads(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let heads: Vec<_> =
        graph.open_heads().into_iter().filter(|node| graph.node(*node).kind.is_stage()).collect();
    if heads.len() < 2 {
        return true;
    }
    let places = heads.iter().map(|head| {
        let text = format!(
            "CV023: more than one open head: only one can take the caller's messages; write `source(..)` for the \
             others, or lead an arrow to {}",
            graph.called(*head)
        );
        (graph.place(*head), text)
    });
    diagnostics.everywhere(places.collect());
    false
}

fn ends(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let ends = graph.open_ends();
    if ends.len() < 2 {
        return true;
    }
    let (branches, others): (Vec<_>, Vec<_>) =
        ends.iter().map(|end| (*end, graph.fork_around(*end))).partition(|(_, fork)| fork.is_some());
    for (end, fork) in &branches {
        if let Some(fork) = fork {
            partial(graph, *end, *fork, diagnostics);
        }
    }
    if others.len() > 1 {
        let places = others.iter().map(|(end, _)| {
            let text = format!(
                "CV023: more than one open end: only one can give messages to the caller; write `sink(..)` behind {}",
                graph.called(*end)
            );
            (graph.place(*end), text)
        });
        diagnostics.everywhere(places.collect());
    }
    false
}

fn partial(graph: &Graph<'_>, end: NodeIndex, fork: NodeIndex, diagnostics: &mut Diagnostics) {
    let here = format!(
        "CV007: partial join: the branch that ends with {} reaches neither a join nor a sink: lead it on",
        graph.called(end)
    );
    let there = "CV007: it is a branch of this fork".to_owned();
    diagnostics.conflict([(graph.place(end), here), (graph.place(fork), there)]);
}
