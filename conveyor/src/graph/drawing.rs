//! The declared graph for programs and people: as a petgraph, as DOT and as Mermaid text.
//!
//! In all three, nodes are numbered as in the table, and edges lead along the flow.

use super::table::{Element, Kind, Table};
use petgraph::graph::{DiGraph, NodeIndex};
use std::fmt::Write;

/// A declared pipeline as a graph: of sources, processors and sinks, and of the pipes, forks and joins between them.
///
/// ```
/// conveyor::pipeline! {
///     /// Doubles what is odd.
///     Odd<u64 -> u64>;
///     filter(|x| x % 2 == 1) -> pipe(64) -> processor(|x| x * 2);
/// }
/// let graph = Odd::graph().petgraph();
/// let names: Vec<_> = graph.node_weights().map(|node| node.name).collect();
/// assert_eq!(names, ["input", "pipe1", "filter2", "pipe3", "processor4", "pipe5", "output"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Graph {
    table: &'static Table,
}

/// A node of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    /// The declared name, or one made from the user's code; no two are alike.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Not written by the user: a missing pipe, an open end, a relay.
    pub inserted: bool,
    /// The source text of a capacity or a count; empty when there is none.
    pub detail: &'static str,
}

/// The picture of a table.
pub(crate) fn graph_of(table: &'static Table) -> Graph {
    Graph { table }
}

impl Graph {
    /// The name of the pipeline: the item's, or `pipeline` for an expression.
    pub fn name(&self) -> &'static str {
        self.table.name
    }

    /// The same as a [`petgraph`] graph, for its algorithms.
    pub fn petgraph(&self) -> DiGraph<NodeInfo, ()> {
        let mut graph = DiGraph::new();
        for &Element { name, kind, inserted, detail, .. } in self.table.elements {
            graph.add_node(NodeInfo { name, kind, inserted, detail });
        }
        for (from, to) in self.edges() {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
        }
        graph
    }

    /// The graph in the language of Graphviz. What the user has not written is dashed.
    pub fn dot(&self) -> String {
        self.draw(|text| {
            writeln!(text, "digraph {} {{", quoted(self.table.name))?;
            writeln!(text, "    rankdir=LR;")?;
            for (number, element) in self.table.elements.iter().enumerate() {
                let style = if element.inserted { ", style=dashed" } else { "" };
                let shape = match shape(element.kind) {
                    Shape::Stage => "box",
                    Shape::Pipe => "cds",
                    Shape::Fork | Shape::Join => "diamond",
                    Shape::End => "ellipse",
                };
                let label = quoted(&label(element));
                writeln!(text, "    n{number} [label={label}, shape={shape}{style}];")?;
            }
            self.edges().try_for_each(|(from, to)| writeln!(text, "    n{from} -> n{to};"))?;
            writeln!(text, "}}")
        })
    }

    /// The graph in the language of Mermaid. What the user has not written is dashed.
    pub fn mermaid(&self) -> String {
        self.draw(|text| {
            writeln!(text, "flowchart LR")?;
            for (number, element) in self.table.elements.iter().enumerate() {
                let (open, close) = match shape(element.kind) {
                    Shape::Stage => ("[", "]"),
                    Shape::Pipe => ("[(", ")]"),
                    Shape::Fork | Shape::Join => ("{{", "}}"),
                    Shape::End => ("([", "])"),
                };
                let class = if element.inserted { ":::inserted" } else { "" };
                let label = quoted(&label(element)).replace("\\\"", "#quot;");
                writeln!(text, "    n{number}{open}{label}{close}{class}")?;
            }
            self.edges().try_for_each(|(from, to)| writeln!(text, "    n{from} --> n{to}"))?;
            writeln!(text, "    classDef inserted stroke-dasharray: 4")
        })
    }

    fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        let elements = self.table.elements.iter().enumerate();
        elements.flat_map(|(to, element)| element.from.iter().map(move |from| (*from as usize, to)))
    }

    fn draw(&self, write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
        let mut text = String::new();
        write(&mut text).expect("writing to a string cannot fail");
        text
    }
}

enum Shape {
    Stage,
    Pipe,
    Fork,
    Join,
    End,
}

fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Source | Kind::Processor | Kind::Sink | Kind::Relay | Kind::Pipeline => Shape::Stage,
        Kind::Pipe => Shape::Pipe,
        Kind::Replicate | Kind::Balance => Shape::Fork,
        Kind::Merge | Kind::Zip | Kind::Ordered => Shape::Join,
        Kind::Input | Kind::Output => Shape::End,
    }
}

/// The name, with what the name cannot say: the kind of a fork or a join, a capacity, a count.
fn label(element: &Element) -> String {
    let kind = match element.kind {
        Kind::Replicate => "replicated ",
        Kind::Balance => "balanced ",
        Kind::Merge => "merge ",
        Kind::Zip => "zip ",
        Kind::Ordered => "ordered ",
        _ => "",
    };
    let detail = if element.detail.is_empty() { String::new() } else { format!(" ({})", element.detail) };
    format!("{kind}{}{detail}", element.name)
}

/// Both languages write a text between quotation marks.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
