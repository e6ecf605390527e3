//! A zip or ordered join closes exactly one fork: CV013, CV020.

use super::certain;
use crate::ast::{JoinKind, Policy};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::regions::{Origin, origin};
use petgraph::Direction::Outgoing;
use petgraph::graph::NodeIndex;
use petgraph::visit::{Dfs, Walker};

pub(super) fn check(graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let mut wrong = Vec::new();
    for join in graph.used().filter(|join| !graph.is_refused(*join)) {
        match graph.node(join).kind {
            Kind::Join(JoinKind::Merge) => {}
            Kind::Join(kind) if has_pipes(graph, join) => {
                wrong.extend(region(graph, join, kind, diagnostics));
            }
            _ => {}
        }
    }
    graph.refuse(wrong);
}

/// Without them it has been reported, and where its branches come from is not clear.
fn has_pipes(graph: &Graph<'_>, join: NodeIndex) -> bool {
    let before = graph.before(join);
    !before.is_empty() && before.iter().all(|inlet| matches!(graph.node(*inlet).kind, Kind::Pipe(_)))
}

/// Gives what ends behind a branch that leaves: it is no partial join.
fn region(
    graph: &Graph<'_>,
    join: NodeIndex,
    kind: JoinKind,
    diagnostics: &mut Diagnostics,
) -> Vec<NodeIndex> {
    let word = kind.keyword();
    let here = graph.place(join);
    let mut branches = Vec::new();
    let mut forks: Vec<NodeIndex> = Vec::new();
    for inlet in graph.before(join) {
        match origin(graph, inlet) {
            Origin::Fork { fork, branch } => {
                branches.push(branch);
                if !forks.contains(&fork) {
                    forks.push(fork);
                }
            }
            Origin::Stranger(stranger) if !is_certain(graph, stranger) => return Vec::new(),
            Origin::Stranger(stranger) if graph.before(join).len() == 1 && !is_join(graph, stranger) => {
                let fork = if kind == JoinKind::Zip { "replicated" } else { "balanced" };
                let text = format!(
                    "CV020: `join {word}` closes a {fork} fork, but no fork leads here: leave it out"
                );
                diagnostics.error(here, text);
                return Vec::new();
            }
            Origin::Stranger(stranger) => {
                entered(graph, here, word, stranger, diagnostics);
                return Vec::new();
            }
        }
    }
    if let [fork] = forks[..] {
        return closes(graph, join, kind, fork, &branches, diagnostics);
    }
    let text = format!(
        "CV020: `join {word}` closes exactly one fork, but branches of several lead here: close each by a join of its \
         own, or write `join merge`"
    );
    let of = |fork: &NodeIndex| (graph.place(*fork), "CV020: branches of this fork do".to_owned());
    diagnostics.everywhere([(here, text)].into_iter().chain(forks.iter().map(of)).collect());
    Vec::new()
}

/// What has no arrow may be without one because of what has been reported.
fn is_certain(graph: &Graph<'_>, stranger: NodeIndex) -> bool {
    let kind = graph.node(stranger).kind;
    let is_known = kind.is_source() || !graph.before(stranger).is_empty() || certain::begins(graph, stranger);
    is_known && !graph.is_refused(stranger)
}

fn is_join(graph: &Graph<'_>, node: NodeIndex) -> bool {
    matches!(graph.node(node).kind, Kind::Join(_))
}

/// Something stands between fork and join that must not.
fn entered(graph: &Graph<'_>, here: At, word: &str, stranger: NodeIndex, diagnostics: &mut Diagnostics) {
    let text = match graph.node(stranger).kind {
        Kind::Join(JoinKind::Merge) => {
            "CV020: a merge loses what belongs together: here `join zip` or `join ordered` has to close the inner fork"
        }
        // It has been reported itself.
        Kind::Join(_) => return,
        _ => "CV020: this stream enters from outside of the fork",
    };
    let there = (graph.place(stranger), text.to_owned());
    let text = format!(
        "CV020: `join {word}` closes exactly one fork, and no other stream may enter between; `join merge` takes any"
    );
    diagnostics.conflict([(here, text), there]);
}

fn closes(
    graph: &Graph<'_>,
    join: NodeIndex,
    kind: JoinKind,
    fork: NodeIndex,
    branches: &[NodeIndex],
    diagnostics: &mut Diagnostics,
) -> Vec<NodeIndex> {
    let (here, there) = (graph.place(join), graph.place(fork));
    let is_replicated = matches!(graph.node(fork).kind, Kind::Fork(Policy::Replicated));
    match kind {
        JoinKind::Zip if !is_replicated => {
            let text = "CV013: `join zip` closes a replicated fork; behind a balanced one write `join ordered` or `join merge`";
            diagnostics
                .conflict([(here, text.to_owned()), (there, "CV013: this fork is balanced".to_owned())]);
            return Vec::new();
        }
        JoinKind::Ordered if is_replicated => {
            let text = "CV013: `join ordered` closes a balanced fork; behind a replicated one write `join zip` or `join merge`";
            diagnostics
                .conflict([(here, text.to_owned()), (there, "CV013: this fork is replicated".to_owned())]);
            return Vec::new();
        }
        _ => {}
    }
    let mut left_out = Vec::new();
    for (branch, edge) in graph.arrows(fork, Outgoing) {
        let reached: Vec<_> = Dfs::new(&graph.inner, branch).iter(&graph.inner).collect();
        let is_certain = !reached.iter().any(|node| graph.is_refused(*node));
        if !branches.contains(&branch) && is_certain {
            let text = format!(
                "CV020: `join {}` closes exactly one fork, but not all branches of the fork lead here; `join merge` may",
                kind.keyword()
            );
            diagnostics.conflict([(here, text), (edge.arrow, "CV020: this branch leaves".to_owned())]);
            left_out.extend(reached.into_iter().filter(|node| graph.behind(*node).is_empty()));
        }
    }
    let parts = graph.before(join).len();
    if kind == JoinKind::Zip && parts == 1 && graph.behind(fork).len() == 1 {
        let text = "CV016: a tuple has two parts, but one branch leads to this `join zip`: lead another one here, or leave \
                    the fork and the join out";
        diagnostics.error(here, text);
    }
    if kind == JoinKind::Zip && parts > PARTS_MAX {
        let text = format!("CV020: a zip has at most {PARTS_MAX} parts, and this one has {parts}: nest it");
        diagnostics.error(here, text);
    }
    left_out
}

/// The largest tuple that is a message.
const PARTS_MAX: usize = 12;
