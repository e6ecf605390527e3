use std::fs;

use crate::example::Example;
use edges::Graph;
use forest::Forest;
use sizes::Sizes;

#[path = "../../examples/connected_components/edges.rs"]
mod edges;
#[path = "../../examples/connected_components/forest.rs"]
mod forest;
#[path = "../../examples/connected_components/sizes.rs"]
mod sizes;

pub(crate) fn check(context: &str) {
    assert_eq!(Example::new("connected_components", context).arg("30000").prints(), serial(30_000));
    assert_eq!(Example::new("connected_components", context).arg("1").prints(), serial(1));

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("edges.txt");
    fs::write(&file, "1 2\n3 4\n4000000000 4000000000\n2 3\n6 7\n").unwrap();
    assert_eq!(
        Example::new("connected_components", context).arg(&file).prints(),
        "7 vertices with an edge, 3 components\nthe largest have [4, 2, 1] vertices\n"
    );

    fs::write(&file, "1 2\n3\n").unwrap();
    let complaint = Example::new("connected_components", context).arg(&file).complains();
    assert!(complaint.contains("`edges` failed"), "{complaint}");
    assert!(complaint.contains("edges.txt:2: expected two vertices, found `3`"), "{complaint}");
}

fn serial(vertices: u32) -> String {
    let mut forest = Forest::default();
    for edge in (Graph::Random { vertices }).edges().unwrap() {
        let edge = edge.unwrap();
        forest.unite(edge.a, edge.b);
    }
    let mut sizes = Sizes::default();
    forest.into_roots().for_each(|(_, root)| sizes.add(root));
    sizes.to_string()
}
