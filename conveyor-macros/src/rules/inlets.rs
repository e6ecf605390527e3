//! How many arrows lead to and from an element: CV008 (ambiguous join), CV016 (one branch), CV019.

use super::certain;
use crate::ast::{Count, Policy};
use crate::diagnostics::Diagnostics;
use crate::graph::{Edge, Graph, Kind};
use crate::rules::values::literal;
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::NodeIndex;

pub(super) fn check(graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let mut wrong = Vec::new();
    for node in graph.used().filter(|node| !graph.is_refused(*node)) {
        let holds = [before(graph, node, diagnostics), behind(graph, node, diagnostics)];
        if holds.contains(&false) {
            wrong.push(node);
        }
        does_nothing(graph, node, diagnostics);
    }
    graph.refuse(wrong);
    let wrong = open_together(graph, diagnostics);
    graph.refuse(wrong);
}

/// Gives whether it has the arrows that it may have.
fn before(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) -> bool {
    let (kind, called) = (&graph.node(node).kind, graph.called(node));
    let arrows = graph.arrows(node, Incoming);
    if kind.is_source() && !arrows.is_empty() {
        let text = format!(
            "CV019: {called} has no inlet: leave out what leads to it, or declare it as a `processor` if it takes messages"
        );
        everywhere(&arrows, text, diagnostics);
        return false;
    }
    if matches!(kind, Kind::Join(_)) || arrows.len() < 2 {
        return true;
    }
    if arrows.iter().all(|(_, edge)| edge.link == arrows[0].1.link) {
        let open = arrows.iter().filter(|(branch, _)| !certain::is_in_doubt(graph, *branch));
        if let [(first, _), _, ..] = open.collect::<Vec<_>>()[..] {
            ambiguous(graph, node, *first, &format!("reach {called} together"), diagnostics);
        }
        return false;
    }
    let text = format!(
        "CV019: {called} reads one inlet: bring these together by `-> pipe -> join merge` or `join zip`, or declare a \
         second one of its kind"
    );
    everywhere(&arrows, text, diagnostics);
    false
}

/// Gives the same.
fn behind(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) -> bool {
    let (kind, called) = (&graph.node(node).kind, graph.called(node));
    let arrows = graph.arrows(node, Outgoing);
    let text = match kind {
        Kind::Stage(..) if kind.is_sink() && !arrows.is_empty() => {
            format!(
                "CV019: {called} has no outlet: end the chain here, or declare it as a `processor` if messages go on"
            )
        }
        Kind::Fork(_) => return true,
        _ if arrows.len() - again(graph, node) < 2 => return true,
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

/// How many arrows lead on from a use that is one too many, because an arrow leads to it: that has been said.
fn again(graph: &Graph<'_>, node: NodeIndex) -> usize {
    let to: Vec<_> = graph.arrows(node, Incoming).iter().map(|(_, edge)| edge.link).collect();
    let is_passed = |(_, edge): &&(NodeIndex, &Edge)| to.iter().any(|link| link + 1 == edge.link);
    graph.arrows(node, Outgoing).iter().filter(is_passed).count().saturating_sub(1)
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
    if certain::lacks_its_branches(graph) {
        return;
    }
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

/// The end of a statement is no join either. Gives what has been reported.
fn open_together(graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> Vec<NodeIndex> {
    let mut wrong = Vec::new();
    for open in &graph.loose {
        // whether a pipeline is closed there only the compiler knows
        let is_open = |node: &NodeIndex| {
            let kind = &graph.node(*node).kind;
            !kind.is_sink() && !matches!(kind, Kind::Pipeline(_)) && certain::ends(graph, *node)
        };
        let open: Vec<_> = open.iter().copied().filter(is_open).collect();
        if let [first, .., last] = open[..] {
            ambiguous(graph, last, first, "reach the end together", diagnostics);
            wrong.extend(open);
        }
    }
    wrong
}

/// CV016: a fork or a join of one stream.
fn does_nothing(graph: &Graph<'_>, node: NodeIndex, diagnostics: &mut Diagnostics) {
    let about = graph.node(node);
    if !certain::is_clear(graph, node) {
        return;
    }
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
    diagnostics.warn(graph.place(node), ["one", "branch"], text);
}
