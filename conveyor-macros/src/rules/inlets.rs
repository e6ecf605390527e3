//! How many arrows lead to and from an element: CV008 (ambiguous join), CV016 (one branch), CV019.

use crate::ast::{Count, Policy};
use crate::diagnostics::Diagnostics;
use crate::graph::{Edge, Graph, Kind};
use crate::rules::values::literal;
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::NodeIndex;

/// Gives whether every element has the arrows it may have.
pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let mut holds = true;
    for node in graph.used() {
        holds &= before(graph, node, diagnostics) && behind(graph, node, diagnostics);
        does_nothing(graph, node, diagnostics);
    }
    holds && open_together(graph, diagnostics)
}

fn before(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) -> bool {
    let (kind, called) = (&graph.node(node).kind, graph.called(node));
    let arrows = graph.arrows(node, Incoming);
    if kind.is_source() && !arrows.is_empty() {
        everywhere(&arrows, format!("CV019: {called} has no inlet: nothing can lead to it"), diagnostics);
        return false;
    }
    if matches!(kind, Kind::Join(_)) || arrows.len() < 2 {
        return true;
    }
    if arrows.iter().all(|(_, edge)| edge.link == arrows[0].1.link) {
        ambiguous(graph, node, arrows[0].0, &format!("reach {called} together"), diagnostics);
        return false;
    }
    let text = format!(
        "CV019: {called} reads one inlet: bring these together by `-> pipe -> join merge` or `join zip`"
    );
    everywhere(&arrows, text, diagnostics);
    false
}

fn behind(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) -> bool {
    let (kind, called) = (&graph.node(node).kind, graph.called(node));
    let arrows = graph.arrows(node, Outgoing);
    let text = match kind {
        Kind::Stage(..) if kind.is_sink() && !arrows.is_empty() => {
            format!("CV019: {called} has no outlet: nothing can follow it")
        }
        Kind::Fork(_) => return true,
        _ if arrows.len() < 2 => return true,
        Kind::Pipe(_) => format!(
            "CV019: {called} feeds one element: put a `replicated fork` or a `balanced fork` behind it for more"
        ),
        _ => format!(
            "CV019: {called} feeds one pipe: put `-> pipe -> replicated fork` (or balanced) behind it for more"
        ),
    };
    everywhere(&arrows, text, diagnostics);
    false
}

fn everywhere(arrows: &[(NodeIndex, &Edge)], text: String, diagnostics: &mut Diagnostics) {
    diagnostics.everywhere(arrows.iter().map(|(_, edge)| (edge.arrow, text.clone())).collect());
}

/// Several open branches and no join.
fn ambiguous(
    graph: &Graph<'_>,
    node: NodeIndex,
    branch: NodeIndex,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
    let text = format!(
        "CV008: ambiguous join: open branches {what}: write `-> pipe -> join merge` (or zip, ordered)"
    );
    let here = (graph.place(node), text);
    match graph.fork_around(branch) {
        Some(fork) => {
            diagnostics.conflict([
                here,
                (graph.place(fork), "CV008: the branches of this fork are open".to_owned()),
            ]);
        }
        None => diagnostics.conflict([here]),
    }
}

/// The end of a statement is no join either.
fn open_together(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let mut holds = true;
    for open in &graph.loose {
        // whether a pipeline is closed there only the compiler knows
        let is_open = |node: &NodeIndex| {
            let kind = &graph.node(*node).kind;
            !kind.is_sink() && !matches!(kind, Kind::Pipeline(_)) && graph.behind(*node).is_empty()
        };
        let open: Vec<_> = open.iter().copied().filter(is_open).collect();
        if let [first, _, ..] = open[..] {
            let last = open[open.len() - 1];
            ambiguous(graph, last, first, "reach the end together", diagnostics);
            holds = false;
        }
    }
    holds
}

/// CV016: a fork or a join of one stream.
fn does_nothing(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) {
    let about = graph.node(node);
    let text = match about.kind {
        Kind::Fork(Policy::Workers(Count::Fixed(count))) if literal(count) == Some(1) => {
            "CV016: `balanced fork(1)` has one worker and does nothing: leave it out, or write `(auto)`"
        }
        Kind::Fork(Policy::Replicated | Policy::Shared) if graph.behind(node).len() == 1 => {
            "CV016: a fork with one branch does nothing: leave it out"
        }
        Kind::Join(_) => match graph.only_before(node) {
            Some(before) if graph.node(before).lanes == about.lanes => {
                "CV016: a join of one stream does nothing: leave it out"
            }
            _ => return,
        },
        _ => return,
    };
    diagnostics.warn(graph.place(node), "one_branch", text);
}
