//! The page on reliability names the tests of each fault: they are there, and it forgets none.

use crate::source::{Source, refuse, rust_sources};

const PAGE: &str = include_str!("../../docs/RELIABILITY.md");
/// Runs as a program of another test, and is no test of its own.
const PROGRAMS: [&str; 2] = ["program", "the_program"];

/// A file, and a function in it if one is named.
type Named = (String, Option<String>);

/// What stands in the last cells of tables whose last column is called "test". A file without a directory stands beside the
/// one before it; a function alone stands in the file of the one before it.
fn named(page: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let mut is_of_tests = false;
    for line in page.lines() {
        let cell = line.strip_suffix('|').and_then(|row| row.rsplit_once('|')).map(|(_, cell)| cell.trim());
        is_of_tests = cell.is_some_and(|cell| is_of_tests || cell == "test");
        let spans =
            cell.filter(|_| is_of_tests).into_iter().flat_map(|cell| cell.split('`').skip(1).step_by(2));
        // commands have spaces
        for span in spans.filter(|span| !span.contains(' ')) {
            let before: &str = found.last().map_or("", |(path, _): &Named| path);
            let one = match span.split_once("::") {
                Some((module, test)) => (format!("tests/storms/{module}.rs"), Some(test.to_owned())),
                None if span.contains('/') => (span.to_owned(), None),
                None if span.ends_with(".rs") => {
                    let (directory, _) = before.rsplit_once('/').unwrap_or_default();
                    (format!("{directory}/{span}"), None)
                }
                None => (before.to_owned(), Some(span.to_owned())),
            };
            found.push(one);
        }
    }
    found
}

/// The names of functions that are tests.
fn tests(text: &str) -> Vec<&str> {
    let behind = text.split("#[test]\n").skip(1);
    let names = behind.filter_map(|text| text.split_once("fn ")?.1.split('(').next());
    names.filter(|name| !PROGRAMS.contains(name)).collect()
}

#[test]
fn what_the_page_names_is_there() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = named(PAGE);
    assert!(named.len() > 50, "the tables are found: {named:?}");
    refuse(named.into_iter().filter_map(|(path, test)| {
        let is_there = match &test {
            None => top.join(&path).exists(),
            Some(test) => std::fs::read_to_string(top.join(&path))
                .is_ok_and(|text| tests(&text).contains(&test.as_str())),
        };
        (!is_there).then(|| format!("docs/RELIABILITY.md: there is no {path} {}", test.unwrap_or_default()))
    }));
}

#[test]
fn the_page_names_every_storm_and_every_file_of_supervision() {
    let named = named(PAGE);
    let missing = rust_sources().into_iter().flat_map(|Source { path, text }| {
        let is_storm = path.starts_with("tests/storms/");
        let is_named = |test: &&str| {
            let test = is_storm.then(|| (*test).to_owned());
            named.iter().any(|(other, name)| *other == path && *name == test)
        };
        let counts = is_storm || path.starts_with("tests/supervision/");
        let missing = tests(&text).into_iter().filter(|test| counts && !is_named(test));
        missing.map(|test| format!("docs/RELIABILITY.md does not name {path} {test}")).collect::<Vec<_>>()
    });
    refuse(missing);
}

#[test]
fn names_and_tests_are_found() {
    let page = "| what | command |\n|---|---|\n| a | `x.rs` |\n\n| what | test |\n|---|---|\n| a | `b/c.rs`, `d.rs`, \
                `run it` |\n| e | `f::g`, `h` |\n\n`i/j.rs`";
    let found = |path: &str, test: Option<&str>| (path.to_owned(), test.map(str::to_owned));
    let storm = "tests/storms/f.rs";
    let expected =
        [found("b/c.rs", None), found("b/d.rs", None), found(storm, Some("g")), found(storm, Some("h"))];
    assert_eq!(named(page), expected);
    let source = "#[test]\nfn a() {}\nfn b() {}\n#[test]\nfn program() {}\n#[test]\n#[cfg(x)]\nfn c() {}";
    assert_eq!(tests(source), ["a", "c"]);
}
