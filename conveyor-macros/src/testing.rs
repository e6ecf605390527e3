//! Runs the phases on source text.

use crate::diagnostics::Diagnostics;
use crate::{parse, resolve, rules};

/// What is said about a declaration: `line:column text`.
pub(crate) fn diagnose(source: &str) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    let tokens = source.parse().expect("a test writes tokens");
    let declaration = parse::declaration(tokens, &mut diagnostics);
    if !diagnostics.has_errors() {
        let graph = resolve::graph(&declaration, &mut diagnostics);
        rules::check(&declaration, &graph, &mut diagnostics);
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
