//! Which vertices of a graph hang together?
//!
//! Every worker of a balanced fork builds a forest (a union-find) of the edges that it gets. A forest is a list of edges
//! again, and a much shorter one: so the same processor joins the workers' forests into one.
//!
//! ```text
//! cargo run --release --example connected_components              # a random graph with a million vertices
//! cargo run --release --example connected_components -- 5000      # with 5000
//! cargo run --release --example connected_components -- FILE      # two vertices on every line
//! ```

mod edges;
mod forest;
mod sizes;
mod stages;

use conveyor::pipeline;
use edges::{Edge, Graph};
use sizes::Sizes;
use stages::{Edges, Unite};

pipeline! {
    /// Gives an edge for every vertex: to the smallest vertex of its component.
    Components<() -> Edge>(graph: Graph);

    source edges = Edges::of(graph)?;
    processor grow = Unite::default();
    processor unite = Unite::default();

    edges -> pipe -> balanced fork(auto) { grow } -> pipe -> join merge -> unite;
}

fn main() -> conveyor::Result<()> {
    let argument = std::env::args().nth(1).unwrap_or_else(|| "1000000".into());
    let graph = match argument.parse() {
        Ok(vertices) => Graph::Random { vertices },
        Err(_) => Graph::File(argument.into()),
    };

    let mut sizes = Sizes::default();
    let mut run = Components::pipeline(graph).run(());
    for edge in &mut run {
        sizes.add(edge?.b);
    }

    print!("{sizes}");
    eprintln!("\n{}", run.report());
    Ok(())
}
