//! What the repository promises about itself, and what no compiler checks.

#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/pages.rs"]
mod pages;
#[path = "tidy/readme.rs"]
mod readme;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/tested.rs"]
mod tested;
#[path = "tidy/unsafe_code.rs"]
mod unsafe_code;
#[path = "tidy/variables.rs"]
mod variables;

use source::{Source, all_texts, code_lines, refuse, rust_sources};

const LINES_MAX: usize = 400;
const GRAPH_LINES_MAX: usize = 14;

#[test]
fn no_file_is_long() {
    let long = rust_sources().into_iter().filter_map(|Source { path, text }| {
        let lines = text.lines().count();
        (lines > LINES_MAX)
            .then(|| format!("{path} has {lines} lines: split it by idea, {LINES_MAX} are the limit"))
    });
    refuse(long);
}

#[test]
fn nothing_is_left_undone() {
    let marks = [concat!("todo", "!"), concat!("unimplemented", "!"), concat!("#[", "ignore")];
    let found = rust_sources().into_iter().flat_map(|Source { path, text }| {
        let mut found = Vec::new();
        for (number, line) in code_lines(&text) {
            found.extend(
                marks
                    .iter()
                    .filter(|mark| line.contains(**mark))
                    .map(|mark| format!("{path}:{number}: {mark}")),
            );
        }
        found
    });
    refuse(found);
}

#[test]
fn nothing_tells_of_the_machine_it_was_written_on() {
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let found = all_texts().into_iter().flat_map(|Source { path, text }| {
        let mut found = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            found.extend(
                places
                    .iter()
                    .filter(|place| line.contains(**place))
                    .map(|place| format!("{path}:{number}: {place}")),
            );
        }
        found
    });
    refuse(found);
}

#[test]
fn graphs_of_examples_are_short() {
    let mains = rust_sources().into_iter().filter(|source| source.path.starts_with("examples/"));
    let graphs: Vec<(String, usize)> = mains
        .flat_map(|Source { path, text }| graphs(&text).into_iter().map(move |lines| (path.clone(), lines)))
        .collect();
    assert!(!graphs.is_empty(), "the examples declare pipelines");
    refuse(graphs.into_iter().filter(|(_, lines)| *lines > GRAPH_LINES_MAX).map(|(path, lines)| {
        format!("the graph in {path} has {lines} lines: {GRAPH_LINES_MAX} are the limit")
    }));
}

/// For each declared pipeline, how many lines stand between its braces; empty ones do not count.
fn graphs(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("pipeline! {") {
        let mut depth = 1;
        let end = behind.find(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0
        });
        let (inside, after) = behind.split_at(end.unwrap_or(behind.len()));
        found.push(inside.lines().filter(|line| !line.trim().is_empty()).count());
        rest = after;
    }
    found
}

#[test]
fn lines_of_graphs_are_counted() {
    assert!(graphs("fn main() {}").is_empty());
    assert_eq!(graphs("pipeline! { a -> b; }"), [1]);
    assert_eq!(graphs("let p = pipeline! {\n    a -> fork {\n b };\n\n};\npipeline! {\n c\n}"), [2, 1]);
}
