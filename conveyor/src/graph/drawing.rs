//! The declared graph for programs and people: as a petgraph, as DOT, as Mermaid text and as SVG.
//!
//! In the first three, nodes are numbered as in the table. In all of them edges lead along the flow.

use super::kind::Kind;
#[cfg(feature = "svg")]
use super::picture::svg;
use super::picture::{Part, label};
use super::table::{Element, Table};
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

/// A node of a [`Graph`], as [`Graph::petgraph`] has them.
///
/// ```
/// use conveyor::{ElementKind, pipeline};
///
/// pipeline! {
///     /// Squares, by workers.
///     Squares<u64 -> u64>;
///     processor square = |x| x * x;
///     processor(|x| x + 1) -> pipe(64) -> balanced fork(3) { square } -> pipe -> join merge;
/// }
///
/// let graph = Squares::graph().petgraph();
/// let mut written = graph.node_weights().filter(|node| !node.inserted && !node.detail.is_empty());
/// let pipe = written.next().unwrap();
/// assert_eq!((pipe.kind, pipe.detail), (ElementKind::Pipe, "64"));
/// let fork = written.next().unwrap();
/// assert_eq!((fork.kind, fork.detail), (ElementKind::Balance, "3"));
/// ```
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
    ///
    /// ```
    /// use conveyor::petgraph::algo::{has_path_connecting, is_cyclic_directed};
    ///
    /// conveyor::pipeline! {
    ///     /// Adds one, twice.
    ///     Twice<u64 -> u64>;
    ///     processor first = |x| x + 1;
    ///     processor second = |x| x + 1;
    ///     first -> pipe -> second;
    /// }
    /// let graph = Twice::graph().petgraph();
    /// let node = |name| graph.node_indices().find(|index| graph[*index].name == name).unwrap();
    /// assert!(has_path_connecting(&graph, node("first"), node("second"), None) && !is_cyclic_directed(&graph));
    /// ```
    pub fn petgraph(&self) -> DiGraph<NodeInfo, ()> {
        let mut graph = DiGraph::new();
        for &Element { name, kind, inserted, detail, .. } in self.table.elements {
            graph.add_node(NodeInfo { name, kind, inserted, detail });
        }
        for (from, to) in edges(&self.parts()) {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
        }
        graph
    }

    /// The graph in the language of Graphviz. What the user has not written is dashed.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor double = |x| x * 2; double };
    /// assert!(double.graph()?.dot().starts_with("digraph"));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn dot(&self) -> String {
        self.draw(|text| {
            writeln!(text, "digraph {} {{", quoted(self.table.name))?;
            writeln!(text, "    rankdir=LR;")?;
            let parts = self.parts();
            for (number, element) in parts.iter().enumerate() {
                let style = if element.inserted { ", style=dashed" } else { "" };
                let shape = match shape(element.kind) {
                    Shape::Stage => "box",
                    Shape::Pipe => "cds",
                    Shape::Fork | Shape::Join => "diamond",
                    Shape::End => "ellipse",
                };
                let label = quoted(&label::text(&parts, element));
                writeln!(text, "    n{number} [label={label}, shape={shape}{style}];")?;
            }
            edges(&parts).try_for_each(|(from, to)| writeln!(text, "    n{from} -> n{to};"))?;
            writeln!(text, "}}")
        })
    }

    /// The graph in the language of Mermaid. What the user has not written is dashed.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor double = |x| x * 2; double };
    /// assert!(double.graph()?.mermaid().starts_with("flowchart LR"));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn mermaid(&self) -> String {
        self.draw(|text| {
            writeln!(text, "flowchart LR")?;
            let parts = self.parts();
            for (number, element) in parts.iter().enumerate() {
                let (open, close) = match shape(element.kind) {
                    Shape::Stage => ("[", "]"),
                    Shape::Pipe => ("[(", ")]"),
                    Shape::Fork | Shape::Join => ("{{", "}}"),
                    Shape::End => ("([", "])"),
                };
                let class = if element.inserted { ":::inserted" } else { "" };
                let label = entities(&label::text(&parts, element));
                writeln!(text, "    n{number}{open}\"{label}\"{close}{class}")?;
            }
            edges(&parts).try_for_each(|(from, to)| writeln!(text, "    n{from} --> n{to}"))?;
            writeln!(text, "    classDef inserted stroke-dasharray: 4")
        })
    }

    /// The graph as a picture: an SVG that is readable on a page of 800 pixels, light or dark. What the user has not
    /// written is dashed; what several workers do is a stack of boxes; texts that are too long are shortened, and shown
    /// in full under the pointer.
    ///
    /// ```
    /// conveyor::pipeline! {
    ///     /// Squares, in their order, by four workers.
    ///     pub Squares<() -> u64>;
    ///     source numbers = 0..100;
    ///     processor square = |x: u64| x * x;
    ///     numbers -> pipe(64) -> balanced fork(4) { square } -> pipe -> join ordered;
    /// }
    /// let svg = Squares::graph().svg();
    /// assert!(svg.starts_with("<svg") && svg.contains(">square</text>") && svg.contains(">× 4</text>"));
    /// ```
    #[cfg(feature = "svg")]
    pub fn svg(&self) -> String {
        svg(&format!("The graph of {}", self.table.name), &self.parts())
    }

    fn parts(&self) -> Vec<Part> {
        let all = |numbers: &[u32]| numbers.iter().map(|number| *number as usize).collect();
        let part = |element: &Element| Part {
            name: element.name.to_owned(),
            kind: element.kind,
            from: all(element.from),
            within: all(element.within),
            inserted: element.inserted,
            detail: element.detail.to_owned(),
        };
        self.table.elements.iter().map(part).collect()
    }

    fn draw(&self, write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
        let mut text = String::new();
        write(&mut text).expect("writing to a string cannot fail");
        text
    }
}

fn edges(parts: &[Part]) -> impl Iterator<Item = (usize, usize)> {
    parts.iter().enumerate().flat_map(|(to, part)| part.from.iter().map(move |from| (*from, to)))
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

/// Mermaid reads HTML between quotation marks, and has a way of its own to write letters that mean something.
fn entities(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

/// A text in DOT.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
