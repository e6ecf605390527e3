//! What may stand before what: CV003, CV004, CV005, CV006, CV014.

use super::certain;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use petgraph::Direction::Incoming;
use petgraph::graph::NodeIndex;
use std::collections::HashSet;

pub(super) fn check(graph: &mut Graph<'_>, allows_implicit_pipe: bool, diagnostics: &mut Diagnostics) {
    let starts: Vec<_> = graph.used().filter(|node| starts(graph, *node)).collect();
    for node in starts {
        let text = format!(
            "CV003: a pipeline starts with a processor or a source, but nothing leads to {}",
            graph.called(node)
        );
        diagnostics.error(graph.place(node), text);
        // the branches of a fork are clear, wherever they come from
        if !matches!(graph.node(node).kind, Kind::Fork(_)) {
            graph.refuse([node]);
        }
    }
    for node in graph.used() {
        // Several branches may be open in front of one arrow: it is wrong once.
        let mut wrong = HashSet::new();
        for (before, edge) in graph.arrows(node, Incoming) {
            let Some(text) = broken(graph, before, node) else { continue };
            if wrong.insert(edge.link) {
                diagnostics.error(edge.arrow, text);
            }
        }
        if !allows_implicit_pipe {
            missing_pipe(graph, node, diagnostics);
        }
    }
}

/// Nothing leads to it, and it is nothing to start with.
fn starts(graph: &Graph<'_>, node: NodeIndex) -> bool {
    let is_a_stage = !matches!(graph.node(node).kind, Kind::Pipe(_) | Kind::Fork(_) | Kind::Join(_));
    !is_a_stage && certain::begins(graph, node)
}

fn broken(graph: &Graph<'_>, before: NodeIndex, node: NodeIndex) -> Option<String> {
    let (first, second) = (&graph.node(before).kind, &graph.node(node).kind);
    if matches!(first, Kind::Unknown) {
        return None;
    }
    let is_pipe = matches!(first, Kind::Pipe(_));
    let (here, there) = (graph.called(node), graph.called(before));
    match second {
        Kind::Fork(_) if !is_pipe => {
            // a fork without a name has its branches in braces, where no arrow leads to the first element
            let begins_a_branch = matches!(first, Kind::Fork(_)) && graph.node(before).name.is_none();
            let advice =
                if begins_a_branch { "write `pipe ->` in front of it" } else { "write `-> pipe ->`" };
            Some(format!("CV005: every fork is preceded by a pipe, but {there} leads to {here}: {advice}"))
        }
        Kind::Join(_) if !is_pipe => Some(format!(
            "CV006: every join is preceded by a pipe on every branch, but {there} leads to {here}: write `-> pipe ->`"
        )),
        Kind::Pipe(_) if is_pipe => {
            Some("CV014: two pipes in a row: leave one out, or put a processor between them".to_owned())
        }
        _ => None,
    }
}

/// Not an error: the pipe is inserted.
fn missing_pipe(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) {
    let arrows = graph.arrows(node, Incoming);
    let [(before, edge)] = arrows[..] else { return };
    let (first, second) = (&graph.node(before).kind, &graph.node(node).kind);
    if first.is_stage() && second.is_stage() && !first.is_sink() && !second.is_source() {
        let text = format!(
            "CV004: no pipe before {}: one was inserted; write `-> pipe ->`, or `#![allow(implicit_pipe)]` in front",
            graph.called(node)
        );
        diagnostics.warn(edge.arrow, ["missing", "pipe"], text);
    }
}
