//! The edges of a graph: random ones, or from a file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use conveyor::{Failure, Message, Result};

/// Two vertices that hang together.
#[derive(Clone, Copy, Debug, PartialEq, Message)]
pub(crate) struct Edge {
    pub(crate) a: u32,
    pub(crate) b: u32,
}

/// Where the edges come from.
#[derive(Clone, Debug, Message)]
pub(crate) enum Graph {
    /// Three edges for every four vertices, between random ones of them.
    Random { vertices: u32 },
    /// A text file with two vertices on every line.
    File(PathBuf),
}

impl Graph {
    /// The edges one by one; the same ones at every call.
    pub(crate) fn edges(&self) -> Result<Box<dyn Iterator<Item = Result<Edge>>>> {
        Ok(match self {
            Graph::Random { vertices } => Box::new(random_edges(*vertices).map(Ok)),
            Graph::File(path) => Box::new(read_edges(path)?),
        })
    }
}

fn random_edges(vertices: u32) -> impl Iterator<Item = Edge> {
    let mut random = fastrand::Rng::with_seed(7);
    let edges = u64::from(vertices) * 3 / 4;
    (0..edges).map(move |_| Edge { a: random.u32(..vertices), b: random.u32(..vertices) })
}

fn read_edges(path: &Path) -> Result<impl Iterator<Item = Result<Edge>> + use<>> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::new(format!("{name}: {error}")))?;
    let edges = BufReader::new(file).lines().enumerate().map(move |(index, line)| {
        let line = line?;
        parse_edge(&line).ok_or_else(|| {
            Failure::new(format!("{name}:{}: expected two vertices, found `{line}`", index + 1))
        })
    });
    Ok(edges)
}

fn parse_edge(line: &str) -> Option<Edge> {
    let (a, b) = line.trim().split_once(char::is_whitespace)?;
    Some(Edge { a: a.parse().ok()?, b: b.trim_start().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_two_numbers() {
        assert_eq!(parse_edge(" 12 \t 7\r"), Some(Edge { a: 12, b: 7 }));
        for line in ["", "12", "12 -7", "12 7 9", "4294967296 1"] {
            assert_eq!(parse_edge(line), None, "{line}");
        }
    }

    #[test]
    fn random_edges_stay_among_the_vertices() {
        let edges: Vec<_> = random_edges(100).collect();
        assert_eq!(edges.len(), 75);
        assert!(edges.iter().all(|edge| edge.a < 100 && edge.b < 100));
        assert_eq!(random_edges(0).count(), 0);
    }
}
