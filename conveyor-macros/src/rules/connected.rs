//! CV010: everything declared is connected.

use super::certain;
use crate::ast::{Declaration, Header};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use petgraph::graph::NodeIndex;
use std::collections::HashSet;

pub(super) fn check(declaration: &Declaration, graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let names = declaration.named.iter().map(|named| &named.name);
    if let (true, None) = (declaration.chains.is_empty(), names.clone().next()) {
        let Header { name, types, .. } = &declaration.header;
        let types =
            types.as_ref().map(|(takes, gives)| At { start: At::of(takes).start, end: At::of(gives).end });
        let place = name.as_ref().map(At::of).or(types).or(declaration.first).unwrap_or_else(At::everything);
        diagnostics.error(place, "CV003: a pipeline has at least one processor: `processor(..)`");
        return;
    }
    separate_parts(graph, diagnostics);
    // What seems unused may be what an unknown name was meant to be.
    if !graph.names_are_known {
        return;
    }
    unused_pools(declaration, graph, diagnostics);
    let is_meant = |node: &NodeIndex| !graph.is_refused(*node);
    for node in graph.nodes().filter(is_meant).filter(|node| graph.node(*node).uses.is_empty()) {
        let text = format!("CV010: {} is declared, but stands in no chain", graph.called(node));
        diagnostics.error(graph.place(node), text);
    }
    let leads_nowhere =
        |node: &NodeIndex| matches!(graph.node(*node).kind, Kind::Fork(_)) && graph.behind(*node).is_empty();
    let dead: Vec<_> = graph.used().filter(is_meant).filter(leads_nowhere).collect();
    for node in &dead {
        let text = format!("CV010: {} leads nowhere: give it branches", graph.called(*node));
        diagnostics.error(graph.place(*node), text);
    }
    graph.refuse(dead);
}

/// Says it at the first element of each part but the first.
fn separate_parts(graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    let parts = graph.parts();
    let mut nodes: Vec<_> = graph.used().collect();
    nodes.sort_by_key(|node| graph.node(*node).order);
    let could_be_connected = |part: usize| {
        graph.nodes().any(|node| parts[node.index()] == part && !certain::is_clear(graph, node))
    };
    let mut seen = HashSet::new();
    for node in nodes.iter().filter(|node| seen.insert(parts[node.index()])).skip(1) {
        if could_be_connected(parts[node.index()]) {
            continue;
        }
        let text = format!(
            "CV010: nothing connects {} with the rest: lead an arrow here, or declare a pipeline of its own",
            graph.called(*node)
        );
        diagnostics.error(graph.place(*node), text);
    }
}

fn unused_pools(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    for pool in &declaration.pools {
        let is_used = graph.nodes().any(|node| match graph.node(node).kind {
            Kind::Stage(_, code) => code.words.mention(&pool.name),
            _ => false,
        });
        if !is_used {
            let text =
                format!("CV010: pool `{}` is declared, but no user code takes chunks from it", pool.name);
            diagnostics.error(At::of(&pool.name), text);
        }
    }
}
