//! A declared graph as data and as pictures: numbers, names, what was inserted.

use conveyor::petgraph::algo::toposort;
use conveyor::{ElementKind, NodeInfo, pipeline};

fn triple(x: u64) -> u64 {
    x * 3
}

fn double(x: u64) -> u64 {
    x * 2
}

// The second graph of `expansion.rs`.
pipeline! {
    pub Zip<u64 -> (u64, u64)>;
    processor(|x| x + 1) -> pipe -> replicated fork {
        processor(triple),
        pipe -> balanced fork(2) { processor(|x| x * 2) } -> pipe -> join ordered
    } -> pipe(16) -> join zip;
}

pipeline! {
    #![allow(implicit_pipe)]
    pub Chain<() -> u64>;
    source numbers = 0..10u64;
    numbers -> processor(triple) -> processor(double) -> pipe -> processor(triple);
}

#[test]
fn the_graph_is_the_one_written_by_hand() {
    use ElementKind::{Balance, Input, Ordered, Output, Pipe, Processor, Relay, Replicate, Zip as ZipJoin};
    let graph = Zip::graph().petgraph();
    let nodes: Vec<_> = graph.node_weights().map(|node| (node.name, node.kind, node.inserted)).collect();
    let expected = [
        ("input", Input, true),
        ("pipe1", Pipe, true),
        ("processor2", Processor, false),
        ("pipe3", Pipe, false),
        ("fork4", Replicate, false),
        ("triple", Processor, false),
        ("pipe6", Pipe, false),
        ("fork7", Balance, false),
        ("processor8", Processor, false),
        ("pipe9", Pipe, false),
        ("join10", Ordered, false),
        ("relay11", Relay, true),
        ("pipe12", Pipe, false),
        ("pipe13", Pipe, false),
        ("join14", ZipJoin, false),
        ("output", Output, true),
    ];
    assert_eq!(nodes, expected);
    let edges: Vec<_> =
        graph.raw_edges().iter().map(|edge| (edge.source().index(), edge.target().index())).collect();
    let expected = [
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
        (4, 5),
        (4, 6),
        (6, 7),
        (7, 8),
        (8, 9),
        (9, 10),
        (10, 11),
        (5, 12),
        (11, 13),
        (12, 14),
        (13, 14),
        (14, 15),
    ];
    assert_eq!(edges, expected);
    assert_eq!(graph[conveyor::petgraph::graph::NodeIndex::new(12)].detail, "16");
    assert!(toposort(&graph, None).is_ok());
}

#[test]
fn missing_pipes_are_inserted_and_names_are_unique() {
    let graph = Chain::graph();
    assert_eq!(graph.name(), "Chain");
    let graph = graph.petgraph();
    let nodes: Vec<_> =
        graph.node_weights().map(|NodeInfo { name, inserted, .. }| (*name, *inserted)).collect();
    let expected = [
        ("numbers", false),
        ("pipe1", true),
        ("triple", false),
        ("pipe3", true),
        ("double", false),
        ("pipe5", false),
        ("triple_6", false),
        ("pipe7", true),
        ("output", true),
    ];
    assert_eq!(nodes, expected);
}

#[test]
fn pictures() {
    pipeline! { Small<u64 -> u64>; processor(triple) -> pipe(4 * 2) -> balanced fork(auto) { processor(double) } -> pipe -> join merge; }
    let mermaid = "\
flowchart LR
    n0([\"input (u64)\"]):::inserted
    n1[(\"pipe1\")]:::inserted
    n2[\"triple\"]
    n3[(\"pipe3 (4 * 2)\")]
    n4{{\"balanced fork4 (auto)\"}}
    n5[\"double × auto\"]
    n6[(\"pipe6\")]
    n7{{\"merge join7\"}}
    n8([\"output (u64)\"]):::inserted
    n0 --> n1
    n1 --> n2
    n2 --> n3
    n3 --> n4
    n4 --> n5
    n5 --> n6
    n6 --> n7
    n7 --> n8
    classDef inserted stroke-dasharray: 4
";
    assert_eq!(Small::graph().mermaid(), mermaid);
    let dot = Small::graph().dot();
    assert!(
        dot.starts_with(
            "digraph \"Small\" {\n    rankdir=LR;\n    n0 [label=\"input (u64)\", shape=ellipse, style=dashed];\n"
        ),
        "{dot}"
    );
    assert!(dot.contains("    n4 [label=\"balanced fork4 (auto)\", shape=diamond];\n"), "{dot}");
    assert!(dot.ends_with("    n7 -> n8;\n}\n"), "{dot}");
}

#[test]
fn details_are_the_source_text() {
    pipeline! {
        Sized<Vec<(u8, [u64; 2])> -> Option<String>>(files: Vec<u8>);
        processor(|_bytes| None) -> pipe((files.len() + 1) * usize::from(u8::MAX)) -> balanced fork(1 << 3 & 15) {
            processor(|word: Option<String>| word)
        } -> pipe -> join merge;
    }
    let graph = Sized::graph().petgraph();
    let details: Vec<_> =
        graph.node_weights().map(|node| node.detail).filter(|text| !text.is_empty()).collect();
    let expected =
        ["Vec<(u8, [u64; 2])>", "(files.len() + 1) * usize::from(u8::MAX)", "1 << 3 & 15", "Option<String>"];
    assert_eq!(details, expected);
    let mermaid = Sized::graph().mermaid();
    assert!(mermaid.contains("[\"output (Option#lt;String#gt;)\"]"), "{mermaid}");
}

pipeline! {
    Outer<() -> (u64, u64)>;
    pipeline chain = Chain;
    pipeline left = Halved(2);
    pipeline right = Halved(3);
    chain -> pipe -> replicated fork { left, right } -> pipe -> join zip;
}

pipeline! {
    Halved<u64 -> u64>(room: usize);
    processor halve = |x| x / 2;
    halve -> pipe(*room);
}

#[test]
fn pipelines_inside_show_what_is_inside() {
    let graph = Outer::graph().petgraph();
    let names: Vec<_> = graph.node_weights().map(|node| node.name).collect();
    let expected = [
        "chain/numbers",
        "chain/pipe1",
        "chain/triple",
        "chain/pipe3",
        "chain/double",
        "chain/pipe5",
        "chain/triple_6",
        "pipe4",
        "fork5",
        "left/halve",
        "right/halve",
        "pipe10",
        "pipe11",
        "join12",
        "output",
    ];
    assert_eq!(names, expected);
    assert!(graph.node_weights().all(|node| node.kind != ElementKind::Input), "a source closes it");
    assert!(toposort(&graph, None).is_ok(), "nothing forms a cycle");
    assert_eq!(graph.edge_count(), graph.node_count(), "all are connected, and one fork is closed");
    let dot = Outer::graph().dot();
    assert!(dot.contains("\"chain/numbers\""), "{dot}");
}
