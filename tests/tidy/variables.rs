//! Pages name every environment variable that something here reads: those of programs, and those of tests.

use crate::source::{Source, all_texts, refuse};
use std::collections::BTreeSet;

const PAGES: [&str; 2] = [include_str!("../../docs/ENVIRONMENT.md"), include_str!("../../CONTRIBUTING.md")];
/// Tests start each other with these.
const INTERNAL: &str = "CONVEYOR_TEST_";

#[test]
fn every_variable_stands_in_a_table() {
    let read = all_texts().into_iter().filter(|source| !source.path.ends_with(".md"));
    let read: Vec<(String, BTreeSet<String>)> =
        read.map(|Source { path, text }| (path, variables(&text).collect())).collect();
    assert!(read.iter().flat_map(|(_, names)| names).collect::<BTreeSet<_>>().len() > 15, "they are found");
    let told: BTreeSet<String> = PAGES.into_iter().flat_map(variables).collect();
    refuse(read.iter().flat_map(|(path, names)| {
        let unknown = names.iter().filter(|name| !name.starts_with(INTERNAL) && !told.contains(*name));
        unknown.map(move |name| {
            format!("{path}: neither docs/ENVIRONMENT.md nor CONTRIBUTING.md tells of {name}")
        })
    }));
    let read: BTreeSet<&String> = read.iter().flat_map(|(_, names)| names).collect();
    refuse(
        told.iter().filter(|name| *name != INTERNAL && !read.contains(name)).map(|name| {
            format!("docs/ENVIRONMENT.md or CONTRIBUTING.md tells of {name}, which nobody reads")
        }),
    );
}

/// The words of a text that are names of ours.
fn variables(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let is_name = |word: &&str| {
        let name = word.strip_prefix("CONVEYOR_").or_else(|| word.strip_prefix("STORM_"));
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    words.filter(is_name).map(str::to_owned)
}

#[test]
fn names_of_variables_are_found() {
    let text = "`CONVEYOR_GRAPH=svg` CONVEYOR_* STORM_SEED CONVEYOR_x MY_CONVEYOR_GRAPH";
    assert_eq!(variables(text).collect::<Vec<_>>(), ["CONVEYOR_GRAPH", "STORM_SEED"]);
}
