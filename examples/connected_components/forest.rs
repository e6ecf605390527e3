//! A union-find: which vertices hang together.

use std::collections::HashMap;

/// Vertices in disjoint trees, one for each component. The smallest vertex of a tree is its root.
#[derive(Default)]
pub(crate) struct Forest {
    /// Roots are their own parents; no parent is greater than its child.
    parents: HashMap<u32, u32>,
}

impl Forest {
    /// Makes `a` and `b` hang together. `unite(a, a)` only adds the vertex.
    pub(crate) fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents.insert(a.max(b), a.min(b));
    }

    /// Every vertex with the smallest vertex of its component.
    ///
    /// Uniting these pairs in another forest makes the same vertices hang together there.
    pub(crate) fn into_roots(mut self) -> impl Iterator<Item = (u32, u32)> {
        let vertices: Vec<u32> = self.parents.keys().copied().collect();
        vertices.into_iter().map(move |vertex| (vertex, self.root(vertex)))
    }

    /// The root of a vertex, which is added if it is new. Halves the way to the root for the next time.
    fn root(&mut self, mut vertex: u32) -> u32 {
        loop {
            let parent = *self.parents.entry(vertex).or_insert(vertex);
            if parent == vertex {
                return vertex;
            }
            let grandparent = self.parents[&parent];
            self.parents.insert(vertex, grandparent);
            vertex = grandparent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(edges: impl IntoIterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
        let mut forest = Forest::default();
        edges.into_iter().for_each(|(a, b)| forest.unite(a, b));
        let mut roots: Vec<_> = forest.into_roots().collect();
        roots.sort_unstable();
        roots
    }

    #[test]
    fn the_smallest_vertex_stands_for_its_component() {
        let edges = [(7, 5), (9, 8), (5, 3), (4, 4)];
        assert_eq!(roots(edges), [(3, 3), (4, 4), (5, 3), (7, 3), (8, 8), (9, 8)]);
    }

    #[test]
    fn a_long_chain_is_one_component() {
        assert!(roots((0..10_000).rev().map(|v| (v, v + 1))).iter().all(|&(_, root)| root == 0));
    }

    #[test]
    fn forests_of_parts_of_the_edges_unite_to_the_forest_of_all() {
        let edges = [(1, 2), (3, 4), (2, 3), (8, 9), (6, 6), (9, 7)];
        let (some, others) = edges.split_at(3);
        let parts = roots(some.iter().copied()).into_iter().chain(roots(others.iter().copied()));
        assert_eq!(roots(parts), roots(edges));
    }
}
