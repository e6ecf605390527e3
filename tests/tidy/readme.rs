//! The README is tested as documentation of the crate, and travels with its package.

use crate::source::refuse;
use std::fs;
use std::path::Path;

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A check-out without symbolic links would have copies, which could differ.
#[test]
fn the_package_carries_the_same_pages() {
    let pairs = [
        ("README.md", "conveyor/README.md"),
        ("docs/LANGUAGE.md", "conveyor/docs/LANGUAGE.md"),
        ("conveyor/src/graph/kind.rs", "conveyor-macros/src/kind.rs"),
        ("conveyor/src/graph/picture/mod.rs", "conveyor-macros/src/picture/mod.rs"),
        ("LICENSE-MIT", "conveyor/LICENSE-MIT"),
        ("LICENSE-APACHE", "conveyor/LICENSE-APACHE"),
        ("LICENSE-MIT", "conveyor-macros/LICENSE-MIT"),
        ("LICENSE-APACHE", "conveyor-macros/LICENSE-APACHE"),
    ];
    refuse(
        pairs
            .iter()
            .filter(|(page, carried)| text(page) != text(carried))
            .map(|(page, carried)| format!("{carried} is not {page}: make it a symbolic link")),
    );
}

#[test]
fn the_crate_tests_what_it_shows() {
    let root = text("conveyor/src/lib.rs");
    for page in ["../README.md", "../docs/LANGUAGE.md", "../docs/RULES.md", "../docs/ENVIRONMENT.md"] {
        assert!(root.contains(&format!("include_str!(\"{page}\")")), "lib.rs does not include {page}");
    }
}

#[test]
fn every_snippet_is_compiled_and_run() {
    for page in ["README.md", "docs/LANGUAGE.md"] {
        let fences = fences(&text(page));
        assert!(fences.iter().any(|fence| fence == "rust"), "{page} has a Rust snippet");
        refuse(fences.iter().filter(|fence| !["rust", "text", "sh", "toml"].contains(&fence.as_str())).map(
            |fence| format!("{page}: a snippet is marked `{fence}`: Rust is `rust`, so that it is tested"),
        ));
    }
}

/// What stands behind each opening fence.
fn fences(page: &str) -> Vec<String> {
    let fences = page.lines().filter_map(|line| line.strip_prefix("```"));
    fences.step_by(2).map(str::to_owned).collect()
}

#[test]
fn fences_are_found() {
    assert_eq!(fences("a\n```rust\nb\n```\n```rust,ignore\n```\n```\nc\n```"), ["rust", "rust,ignore", ""]);
}
