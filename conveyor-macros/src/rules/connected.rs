//! CV010: everything declared is connected.

use crate::ast::{Declaration, Header};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use petgraph::graph::NodeIndex;
use petgraph::unionfind::UnionFind;
use petgraph::visit::NodeIndexable;

/// Gives whether the graph is one, so that the rules about its ends make sense.
pub(super) fn check(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) -> bool {
    let names = declaration.named.iter().map(|named| &named.name);
    if let (true, None) = (declaration.chains.is_empty(), names.clone().next()) {
        let Header { name, types, .. } = &declaration.header;
        let types =
            types.as_ref().map(|(takes, gives)| At { start: At::of(takes).start, end: At::of(gives).end });
        let place = name.as_ref().map(At::of).or(types).or(declaration.first).unwrap_or_else(At::everything);
        diagnostics.error(place, "CV003: a pipeline has at least one processor: `processor(..)`");
        return false;
    }
    unused_pools(declaration, graph, diagnostics);
    let unused: Vec<_> = graph.nodes().filter(|node| graph.node(*node).uses.is_empty()).collect();
    for node in &unused {
        let text = format!("CV010: {} is declared, but stands in no chain", graph.called(*node));
        diagnostics.error(graph.place(*node), text);
    }
    let parts = separate_parts(graph);
    for node in &parts {
        let text = format!(
            "CV010: nothing connects {} with the rest: lead an arrow here, or declare a pipeline of its own",
            graph.called(*node)
        );
        diagnostics.error(graph.place(*node), text);
    }
    let dead: Vec<_> = graph
        .used()
        .filter(|node| matches!(graph.node(*node).kind, Kind::Fork(_)) && graph.behind(*node).is_empty())
        .collect();
    for node in &dead {
        let text = format!("CV010: {} leads nowhere: give it branches", graph.called(*node));
        diagnostics.error(graph.place(*node), text);
    }
    unused.is_empty() && parts.is_empty() && dead.is_empty()
}

/// The first element of each part but the first.
fn separate_parts(graph: &Graph<'_>) -> Vec<NodeIndex> {
    let mut sets = UnionFind::<usize>::new(graph.inner.node_bound());
    for edge in graph.inner.raw_edges() {
        sets.union(edge.source().index(), edge.target().index());
    }
    let mut nodes: Vec<_> = graph.used().collect();
    nodes.sort_by_key(|node| graph.node(*node).order);
    let mut seen = std::collections::HashSet::new();
    nodes.into_iter().filter(|node| seen.insert(sets.find(node.index()))).skip(1).collect()
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
