//! What the plan needs and nobody writes: missing pipes, open ends, relays. Only for graphs that keep the rules.

use crate::ast::Policy;
use crate::at::At;
use crate::graph::{Graph, Kind, Node, Order, WRITTEN};
use petgraph::graph::NodeIndex;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Inserts them, and gives the nodes in the order of the table: along the flow, otherwise as written.
pub(crate) fn complete(graph: &mut Graph<'_>) -> Vec<NodeIndex> {
    insert_missing_pipes(graph);
    open_head(graph);
    open_end(graph);
    insert_relays(graph);
    along_the_flow(graph)
}

/// Between two stages there is a pipe.
fn insert_missing_pipes(graph: &mut Graph<'_>) {
    let edges: Vec<_> = graph.inner.raw_edges().iter().map(|edge| (edge.source(), edge.target())).collect();
    for (from, to) in edges {
        if graph.node(from).kind.is_stage() && graph.node(to).kind.is_stage() {
            let order = (graph.node(to).order.0, WRITTEN - 1);
            split(graph, from, to, Kind::Pipe(None), order);
        }
    }
}

fn open_head(graph: &mut Graph<'_>) {
    let Some(head) = graph.open_heads().first().copied() else { return };
    let (order, at) = (graph.node(head).order.0, graph.node(head).at);
    let input = insert(graph, Kind::Input, (order, 0), at, Vec::new());
    let pipe = insert(graph, Kind::Pipe(None), (order, 1), at, Vec::new());
    graph.connect(input, pipe, at, usize::MAX);
    graph.connect(pipe, head, at, usize::MAX);
}

fn open_end(graph: &mut Graph<'_>) {
    let Some(end) = graph.open_ends().first().copied() else { return };
    let (order, at) = (usize::MAX, graph.node(end).at);
    let mut last = end;
    if graph.node(end).kind.is_stage() {
        last = insert(graph, Kind::Pipe(None), (order, 0), at, Vec::new());
        graph.connect(end, last, at, usize::MAX);
    }
    let output = insert(graph, Kind::Output, (order, 1), at, Vec::new());
    graph.connect(last, output, at, usize::MAX);
}

/// A pipe cannot start at a join or at a share of a balanced fork (nor so at a pipeline that ends in one), unless it merely hands through to one stage.
fn insert_relays(graph: &mut Graph<'_>) {
    for pipe in graph.nodes() {
        let (Kind::Pipe(_), Some(from)) = (graph.node(pipe).kind, graph.only_before(pipe)) else { continue };
        let starts_badly = match graph.node(from).kind {
            Kind::Join(_) => true,
            Kind::Fork(policy) => !matches!(policy, Policy::Replicated),
            // it may end in a join; where it does not, the run-time leaves the relay out
            Kind::Pipeline(_) => true,
            _ => false,
        };
        let hands_through = graph.behind(pipe).iter().all(|to| graph.node(*to).kind.is_stage());
        if starts_badly && !hands_through {
            let order = (graph.node(from).order.0, WRITTEN + 1);
            split(graph, from, pipe, Kind::Relay, order);
        }
    }
}

/// Puts a new node in the middle of the edge between two nodes; the rules allow only one. The edge that leads on keeps
/// its place among its neighbours.
fn split<'a>(graph: &mut Graph<'a>, from: NodeIndex, to: NodeIndex, kind: Kind<'a>, order: Order) {
    let Some(edge) = graph.inner.find_edge(from, to).and_then(|edge| graph.inner.remove_edge(edge)) else {
        return;
    };
    let middle = insert(graph, kind, order, edge.arrow, graph.lanes_behind(from));
    graph.inner.add_edge(from, middle, edge);
    graph.inner.add_edge(middle, to, edge);
}

fn insert<'a>(
    graph: &mut Graph<'a>,
    kind: Kind<'a>,
    order: Order,
    at: At,
    lanes: Vec<NodeIndex>,
) -> NodeIndex {
    graph.inner.add_node(Node {
        kind,
        name: None,
        at,
        options: &[],
        order,
        uses: Vec::new(),
        lanes,
        inserted: true,
    })
}

/// Predecessors first; among those that are free, in the order of the text.
fn along_the_flow(graph: &Graph<'_>) -> Vec<NodeIndex> {
    let mut waits_for: HashMap<_, _> = graph.nodes().map(|node| (node, graph.before(node).len())).collect();
    let by_order = |node: NodeIndex| Reverse((graph.node(node).order, node));
    let mut free: BinaryHeap<_> = graph.nodes().filter(|node| waits_for[node] == 0).map(by_order).collect();
    let mut sorted = Vec::new();
    while let Some(Reverse((_, node))) = free.pop() {
        sorted.push(node);
        for next in graph.behind(node) {
            let left = waits_for.entry(next).or_default();
            *left -= 1;
            if *left == 0 {
                free.push(by_order(next));
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use crate::testing::completed;

    #[track_caller]
    fn becomes(chains: &str, expected: &str) {
        assert_eq!(completed(&format!("<u64 -> u64>; {chains}")), expected);
    }

    #[test]
    fn open_ends_and_missing_pipes() {
        becomes("processor(a);", "[input()] [pipe(0)] processor(1) [pipe(2)] [output(3)]");
        becomes(
            "processor(a) -> processor(b) -> pipe;",
            "[input()] [pipe(0)] processor(1) [pipe(2)] processor(3) pipe(4) [output(5)]",
        );
        assert_eq!(completed("source(a) -> pipe -> sink(b);"), "source() pipe(0) sink(1)");
    }

    #[test]
    fn a_join_that_leads_to_a_fork_or_a_join_gets_a_relay() {
        let head = "[input()] [pipe(0)] processor(1) pipe(2) fork(3) processor(4) pipe(4) pipe(5) join(7,6)";
        let merge = "processor(a) -> pipe -> replicated fork { processor(b), pipe } -> pipe -> join merge";
        becomes(merge, &format!("{head} [output(8)]"));
        becomes(&format!("{merge} -> pipe;"), &format!("{head} pipe(8) [output(9)]"));
        becomes(
            &format!("{merge} -> pipe -> processor(c);"),
            &format!("{head} pipe(8) processor(9) [pipe(10)] [output(11)]"),
        );
        becomes(
            &format!("{merge} -> pipe -> balanced fork(2) {{ processor(c) }} -> pipe -> join merge;"),
            &format!("{head} [relay(8)] pipe(9) fork(10) processor(11) pipe(12) join(13) [output(14)]"),
        );
    }

    #[test]
    fn a_pipeline_that_leads_to_a_fork_or_a_join_may_need_a_relay() {
        let inner = |chains: &str, expected: &str| {
            becomes(&format!("pipeline s = S; pipeline t = T; {chains}"), expected)
        };
        let head = "[input()] [pipe(0)] pipeline(1)";
        inner("s -> pipe -> t;", &format!("{head} pipe(2) pipeline(3) [pipe(4)] [output(5)]"));
        inner(
            "s -> pipe -> replicated fork { t, pipe } -> pipe -> join zip;",
            &format!(
                "{head} [relay(2)] pipe(3) fork(4) pipeline(5) [relay(6)] pipe(5) pipe(7) join(9,8) [output(10)]"
            ),
        );
        assert_eq!(
            completed("Name; pipeline s = S; pipeline t = T; s -> pipe -> t;"),
            "pipeline() pipe(0) pipeline(1)"
        );
    }

    #[test]
    fn a_share_of_a_balanced_fork_that_leads_to_a_fork_or_a_join_gets_a_relay() {
        let head = "[input()] [pipe(0)] processor(1) pipe(2) fork(3)";
        becomes(
            "processor(a) -> pipe -> balanced fork { processor(b), pipe } -> pipe -> join merge;",
            &format!("{head} [relay(4)] processor(4) pipe(5) pipe(6) join(8,7) [output(9)]"),
        );
        becomes(
            "processor(a) -> pipe -> balanced fork(2) { pipe -> processor(b) } -> pipe -> join merge;",
            &format!("{head} pipe(4) processor(5) pipe(6) join(7) [output(8)]"),
        );
        becomes(
            "processor(a) -> pipe -> balanced fork(2) { pipe -> replicated fork { pipe, processor(b) } -> pipe -> join zip \
             -> processor(c) } -> pipe -> join merge;",
            &format!(
                "{head} [relay(4)] pipe(5) fork(6) pipe(7) processor(7) pipe(9) join(8,10) processor(11) pipe(12) join(13) \
                 [output(14)]"
            ),
        );
    }

    #[test]
    fn behind_a_replicated_fork_a_pipe_hands_through() {
        becomes(
            "processor(a) -> pipe -> replicated fork { processor(b) -> pipe -> sink(c), pipe -> balanced fork(2) { \
             processor(d) } -> pipe -> join ordered };",
            "[input()] [pipe(0)] processor(1) pipe(2) fork(3) processor(4) pipe(5) sink(6) pipe(4) fork(8) processor(9) \
             pipe(10) join(11) [output(12)]",
        );
    }
}
