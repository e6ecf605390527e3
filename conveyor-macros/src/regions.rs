//! What lies between a fork and the zip or ordered join that closes it.

use crate::ast::JoinKind;
use crate::graph::{Graph, Kind};
use petgraph::graph::NodeIndex;
use std::collections::HashSet;

/// The way back from one inlet of a join to the fork it comes from.
pub(crate) enum Origin {
    /// The fork, and the first node of the branch behind it.
    Fork { fork: NodeIndex, branch: NodeIndex },
    /// Something that must not stand in a region: a source, an open head, a merge, an inner join that is itself wrong;
    /// or what has been refused.
    Stranger(NodeIndex),
}

/// Where the messages of one inlet come from. Inner regions count as one step.
pub(crate) fn origin(graph: &Graph<'_>, inlet: NodeIndex) -> Origin {
    let mut branch = inlet;
    loop {
        if graph.is_refused(branch) {
            return Origin::Stranger(branch);
        }
        if let Kind::Join(kind) = graph.node(branch).kind {
            match closed_fork(graph, branch).filter(|_| kind != JoinKind::Merge) {
                Some(fork) => branch = fork,
                None => return Origin::Stranger(branch),
            }
        }
        match graph.only_before(branch) {
            None => return Origin::Stranger(branch),
            Some(fork) if matches!(graph.node(fork).kind, Kind::Fork(_)) && !graph.is_refused(fork) => {
                return Origin::Fork { fork, branch };
            }
            Some(before) => branch = before,
        }
    }
}

/// The one fork that a zip or ordered join closes.
pub(crate) fn closed_fork(graph: &Graph<'_>, join: NodeIndex) -> Option<NodeIndex> {
    let mut forks = graph.before(join).into_iter().map(|inlet| match origin(graph, inlet) {
        Origin::Fork { fork, .. } => Some(fork),
        Origin::Stranger(_) => None,
    });
    let first = forks.next()??;
    forks.all(|fork| fork == Some(first)).then_some(first)
}

/// Everything between a fork and its join, without the two.
pub(crate) fn between(graph: &Graph<'_>, fork: NodeIndex, join: NodeIndex) -> Vec<NodeIndex> {
    let mut seen = HashSet::from([fork, join]);
    let mut inside = Vec::new();
    let mut left = graph.before(join);
    while let Some(node) = left.pop() {
        if seen.insert(node) {
            inside.push(node);
            left.extend(graph.before(node));
        }
    }
    inside
}
