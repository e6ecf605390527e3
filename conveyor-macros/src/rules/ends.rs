//! The open ends: CV007 (partial join), CV023 (more than one). Parts that nothing connects have ends of their own.

use super::certain;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::regions::{Origin, origin};
use petgraph::graph::NodeIndex;
use std::collections::BTreeMap;

pub(super) fn check(graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let heads = several_in_a_part(graph, certain_heads(graph));
    let ends = several_in_a_part(graph, certain_ends(graph));
    heads.iter().for_each(|heads| several_heads(graph, heads, diagnostics));
    ends.iter().for_each(|ends| several_ends(graph, ends, diagnostics));
    graph.refuse(heads.into_iter().chain(ends).flatten());
}

/// What takes the caller's messages.
pub(super) fn certain_heads(graph: &Graph<'_>) -> Vec<NodeIndex> {
    let is_certain = |node: &NodeIndex| {
        graph.node(*node).kind.is_stage()
            && certain::begins(graph, *node)
            && !leads_to_what_is_refused(graph, *node)
    };
    graph.open_heads().into_iter().filter(is_certain).collect()
}

/// What gives messages to the caller.
fn certain_ends(graph: &Graph<'_>) -> Vec<NodeIndex> {
    let is_certain = |node: &NodeIndex| {
        let comes_from_what_is_refused = matches!(
            origin(graph, *node),
            Origin::Stranger(stranger) if graph.is_refused(stranger)
        );
        certain::ends(graph, *node) && !comes_from_what_is_refused
    };
    graph.open_ends().into_iter().filter(is_certain).collect()
}

/// Before any join.
fn leads_to_what_is_refused(graph: &Graph<'_>, head: NodeIndex) -> bool {
    let mut node = head;
    while let [next] = graph.behind(node)[..]
        && !matches!(graph.node(next).kind, Kind::Join(_))
    {
        if graph.is_refused(next) {
            return true;
        }
        node = next;
    }
    false
}

fn several_in_a_part(graph: &Graph<'_>, nodes: Vec<NodeIndex>) -> Vec<Vec<NodeIndex>> {
    let parts = graph.parts();
    let mut several: BTreeMap<usize, Vec<NodeIndex>> = BTreeMap::new();
    for node in nodes {
        several.entry(parts[node.index()]).or_default().push(node);
    }
    several.into_values().filter(|nodes| nodes.len() > 1).collect()
}

fn several_heads(graph: &Graph<'_>, heads: &[NodeIndex], diagnostics: &mut Diagnostics) {
    let places = heads.iter().map(|head| {
        let text = format!(
            "CV023: more than one open head: only one can take the caller's messages; write `source(..)` for the \
             others, or lead an arrow to {}",
            graph.called(*head)
        );
        (graph.place(*head), text)
    });
    diagnostics.everywhere(places.collect());
}

fn several_ends(graph: &Graph<'_>, ends: &[NodeIndex], diagnostics: &mut Diagnostics) {
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
}

fn partial(graph: &Graph<'_>, end: NodeIndex, fork: NodeIndex, diagnostics: &mut Diagnostics) {
    let here = format!(
        "CV007: partial join: the branch that ends with {} reaches neither a join nor a sink: lead it on",
        graph.called(end)
    );
    let there = "CV007: it is a branch of this fork".to_owned();
    diagnostics.conflict([(graph.place(end), here), (graph.place(fork), there)]);
}
