//! The stages of the pipeline around [`Graph`] and [`Forest`].

use std::mem;

use conveyor::{Expand, Outlet, Result, Source};

use super::edges::{Edge, Graph};
use super::forest::Forest;

/// Gives the edges of a graph.
pub(crate) struct Edges(Box<dyn Iterator<Item = Result<Edge>>>);

impl Edges {
    pub(crate) fn of(graph: &Graph) -> Result<Self> {
        graph.edges().map(Edges)
    }
}

impl Source for Edges {
    type Out = Edge;

    fn next(&mut self) -> Result<Option<Edge>> {
        self.0.next().transpose()
    }
}

/// Gathers edges, and gives one for every vertex at the end: to the smallest vertex that it hangs together with.
#[derive(Default)]
pub(crate) struct Unite {
    forest: Forest,
}

impl Expand for Unite {
    type In = Edge;
    type Out = Edge;

    fn expand(&mut self, edge: Edge, _: &mut impl Outlet<Edge>) -> Result<()> {
        self.forest.unite(edge.a, edge.b);
        Ok(())
    }

    fn finish(&mut self, out: &mut impl Outlet<Edge>) -> Result<()> {
        mem::take(&mut self.forest)
            .into_roots()
            .try_for_each(|(vertex, root)| out.push(Edge { a: vertex, b: root }))
    }
}
