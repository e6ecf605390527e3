//! The graph with its places: what the rules look at and the expansion is written from.
//!
//! Invariants: edges into a node are in textual order by `Edge::order`; `Node::order` is the textual order of first
//! uses. Only [`resolve`](crate::resolve) and [`complete`](crate::complete) add to it.

use crate::ast::{Choice, Code, Inner, JoinKind, Policy, Role};
use crate::at::At;
use crate::regions::{self, Origin};
use petgraph::Direction::{self, Incoming, Outgoing};
use petgraph::algo::greedy_feedback_arc_set;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::unionfind::UnionFind;
use petgraph::visit::{EdgeRef, NodeIndexable};
use proc_macro2::Ident;
use std::collections::HashSet;

/// Where a node stands in the text: by its first use, and inserted ones around it.
pub(crate) type Order = (usize, u8);

/// The second part of an [`Order`] of what the user wrote.
pub(crate) const WRITTEN: u8 = 4;

pub(crate) struct Graph<'a> {
    pub(crate) inner: DiGraph<Node<'a>, Edge>,
    /// Where statements leave off: the open ends of each.
    pub(crate) loose: Vec<Vec<NodeIndex>>,
    /// The header says that no end is open.
    pub(crate) is_closed: bool,
    /// No chain mentions a name that is declared nowhere.
    pub(crate) names_are_known: bool,
    /// What a rule has refused: where it stands, and what leads to it, is not clear to other rules.
    refused: HashSet<NodeIndex>,
}

pub(crate) struct Node<'a> {
    pub(crate) kind: Kind<'a>,
    pub(crate) name: Option<&'a Ident>,
    /// The declared name, or the keyword in a chain.
    pub(crate) at: At,
    pub(crate) options: &'a [Choice],
    pub(crate) order: Order,
    pub(crate) uses: Vec<Use>,
    /// The balanced forks `(N)` around it, outermost first.
    pub(crate) lanes: Vec<NodeIndex>,
    pub(crate) inserted: bool,
}

/// Where an element stands in a chain.
pub(crate) struct Use {
    pub(crate) at: At,
    /// The braces of balanced forks `(N)` around this use.
    pub(crate) lanes: Vec<NodeIndex>,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind<'a> {
    /// An unknown name, which has been reported: it takes part in no rule.
    Unknown,
    Stage(Role, &'a Code),
    Pipe(Option<&'a Code>),
    Fork(&'a Policy),
    Join(JoinKind),
    /// Another pipeline, whose ends only the compiler knows.
    Pipeline(&'a Inner),
    Input,
    Output,
    Relay,
}

#[derive(Clone, Copy)]
pub(crate) struct Edge {
    /// The arrow, or the first token of a branch.
    pub(crate) arrow: At,
    /// The number of the arrow: several branches may be open in front of one.
    pub(crate) link: usize,
    pub(crate) order: usize,
}

impl<'a> Graph<'a> {
    pub(crate) fn new() -> Graph<'a> {
        Graph {
            inner: DiGraph::new(),
            loose: Vec::new(),
            is_closed: false,
            names_are_known: true,
            refused: HashSet::new(),
        }
    }

    pub(crate) fn refuse(&mut self, nodes: impl IntoIterator<Item = NodeIndex>) {
        self.refused.extend(nodes);
    }

    /// Has a rule reported it, or is it an unknown name?
    pub(crate) fn is_refused(&self, node: NodeIndex) -> bool {
        matches!(self.node(node).kind, Kind::Unknown) || self.refused.contains(&node)
    }

    pub(crate) fn node(&self, at: NodeIndex) -> &Node<'a> {
        &self.inner[at]
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeIndex> + use<> {
        self.inner.node_indices()
    }

    pub(crate) fn connect(&mut self, from: NodeIndex, to: NodeIndex, arrow: At, link: usize) {
        let order = self.inner.edge_count();
        self.inner.add_edge(from, to, Edge { arrow, link, order });
    }

    /// What takes messages, and has nothing before it.
    pub(crate) fn open_heads(&self) -> Vec<NodeIndex> {
        let is_open = |node: &NodeIndex| !self.node(*node).kind.is_source() && self.before(*node).is_empty();
        self.certainly_open(self.used().filter(is_open).collect())
    }

    /// What gives messages, and has nothing behind it.
    pub(crate) fn open_ends(&self) -> Vec<NodeIndex> {
        let is_open = |node: &NodeIndex| !self.node(*node).kind.is_sink() && self.behind(*node).is_empty();
        self.certainly_open(self.used().filter(is_open).collect())
    }

    /// An inner pipeline may be closed there. If it is the only one, then so is the whole; beside others it has to be,
    /// which the compiler checks.
    fn certainly_open(&self, mut ends: Vec<NodeIndex>) -> Vec<NodeIndex> {
        if let [only] = ends[..]
            && !self.is_closed
            && self.node(only).lanes.is_empty()
        {
            return ends;
        }
        ends.retain(|end| !matches!(self.node(*end).kind, Kind::Pipeline(_)));
        ends
    }

    /// What stands in a chain.
    pub(crate) fn used(&self) -> impl Iterator<Item = NodeIndex> {
        self.nodes().filter(|node| !self.node(*node).uses.is_empty())
    }

    /// In textual order.
    pub(crate) fn before(&self, at: NodeIndex) -> Vec<NodeIndex> {
        self.arrows(at, Incoming).into_iter().map(|(node, _)| node).collect()
    }

    /// In textual order.
    pub(crate) fn behind(&self, at: NodeIndex) -> Vec<NodeIndex> {
        self.arrows(at, Outgoing).into_iter().map(|(node, _)| node).collect()
    }

    /// The only one before, if there is exactly one.
    pub(crate) fn only_before(&self, at: NodeIndex) -> Option<NodeIndex> {
        let before = self.before(at);
        if let [one] = before[..] { Some(one) } else { None }
    }

    /// For each node the number of the part that it is connected with.
    pub(crate) fn parts(&self) -> Vec<usize> {
        let mut sets = UnionFind::<usize>::new(self.inner.node_bound());
        for edge in self.inner.raw_edges() {
            sets.union(edge.source().index(), edge.target().index());
        }
        sets.into_labeling()
    }

    /// Where a node was first used, or else declared.
    pub(crate) fn place(&self, at: NodeIndex) -> At {
        self.node(at).place()
    }

    /// The nearest fork that is still open behind a node. What lies behind a merge is no longer a branch.
    pub(crate) fn fork_around(&self, at: NodeIndex) -> Option<NodeIndex> {
        match regions::origin(self, at) {
            Origin::Fork { fork, .. } => Some(fork),
            Origin::Stranger(_) => None,
        }
    }

    /// The balanced forks `(N)` around what follows a node.
    pub(crate) fn lanes_behind(&self, at: NodeIndex) -> Vec<NodeIndex> {
        let node = self.node(at);
        let own = node.kind.has_workers().then_some(at);
        node.lanes.iter().copied().chain(own).collect()
    }

    /// Leaves out the arrows that lead back, for an editor.
    pub(crate) fn cut_cycles(&mut self) {
        let back: HashSet<_> = greedy_feedback_arc_set(&self.inner).map(|edge| edge.id()).collect();
        self.inner.retain_edges(|_, edge| !back.contains(&edge));
    }

    /// The neighbours on one side with the edges to them, in textual order.
    pub(crate) fn arrows(&self, at: NodeIndex, side: Direction) -> Vec<(NodeIndex, &Edge)> {
        let mut edges: Vec<_> = self.inner.edges_directed(at, side).collect();
        edges.sort_by_key(|edge| edge.weight().order);
        let other = |edge: &petgraph::graph::EdgeReference<'_, Edge>| match side {
            Incoming => edge.source(),
            Outgoing => edge.target(),
        };
        edges.iter().map(|edge| (other(edge), edge.weight())).collect()
    }

    /// For messages: "processor `clean`", "this pipe".
    pub(crate) fn called(&self, at: NodeIndex) -> String {
        let node = self.node(at);
        match node.name {
            Some(name) => format!("{} `{name}`", node.kind.noun()),
            None => format!("this {}", node.kind.noun()),
        }
    }
}

impl Node<'_> {
    /// Where it was first used, or else declared.
    pub(crate) fn place(&self) -> At {
        self.uses.first().map_or(self.at, |used| used.at)
    }
}

impl Kind<'_> {
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Kind::Unknown => "element",
            Kind::Stage(Role::Source, _) => "source",
            Kind::Stage(Role::Sink, _) => "sink",
            Kind::Stage(..) => "processor",
            Kind::Pipe(_) => "pipe",
            Kind::Fork(Policy::Replicated) => "replicated fork",
            Kind::Fork(_) => "balanced fork",
            Kind::Join(_) => "join",
            Kind::Pipeline(_) => "pipeline",
            Kind::Input => "input",
            Kind::Output => "output",
            Kind::Relay => "relay",
        }
    }

    pub(crate) fn is_source(&self) -> bool {
        matches!(self, Kind::Stage(Role::Source, _))
    }

    pub(crate) fn is_sink(&self) -> bool {
        matches!(self, Kind::Stage(Role::Sink, _))
    }

    /// It reads one inlet and feeds one pipe.
    pub(crate) fn is_stage(&self) -> bool {
        matches!(self, Kind::Stage(..) | Kind::Pipeline(_) | Kind::Input | Kind::Output | Kind::Relay)
    }

    /// `balanced fork(n)`: what is inside stands there once per worker.
    pub(crate) fn has_workers(&self) -> bool {
        matches!(self, Kind::Fork(Policy::Workers(_)))
    }
}
