//! Runs the phases on source text.

use crate::complete::complete;
use crate::diagnostics::Diagnostics;
use crate::{parse, resolve, rules};
use petgraph::graph::NodeIndex;

/// What is said about a declaration: `line:column text`.
pub(crate) fn diagnose(source: &str) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    let tokens = source.parse().expect("a test writes tokens");
    let declaration = parse::declaration(tokens, &mut diagnostics);
    if !diagnostics.has_errors() {
        let mut graph = resolve::graph(&declaration, &mut diagnostics);
        rules::check(&declaration, &mut graph, &mut diagnostics);
    }
    diagnostics.shown()
}

/// Asserts that exactly these things are said, each given by its beginning.
#[track_caller]
pub(crate) fn says(source: &str, expected: &[&str]) {
    let said = diagnose(source);
    let is_said = said.len() == expected.len()
        && said.iter().zip(expected).all(|(said, expected)| said.starts_with(expected));
    assert!(is_said, "{source}\n    said {said:#?}\nexpected {expected:#?}");
}

/// A graph with everything that is inserted, as `kind(predecessors)` in the order of the table; what is inserted in
/// brackets.
pub(crate) fn completed(source: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let declaration = parse::declaration(source.parse().expect("a test writes tokens"), &mut diagnostics);
    let mut graph = resolve::graph(&declaration, &mut diagnostics);
    rules::check(&declaration, &mut graph, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{source}\n{:#?}", diagnostics.shown());
    let sorted = complete(&mut graph);
    let number = |node: &NodeIndex| sorted.iter().position(|other| other == node).expect("all are sorted");
    let shown = sorted.iter().map(|node| {
        let about = graph.node(*node);
        let noun = about.kind.noun().split(' ').next_back().unwrap_or_default();
        let before: Vec<_> = graph.before(*node).iter().map(|node| number(node).to_string()).collect();
        let text = format!("{noun}({})", before.join(","));
        if about.inserted { format!("[{text}]") } else { text }
    });
    shown.collect::<Vec<_>>().join(" ")
}
