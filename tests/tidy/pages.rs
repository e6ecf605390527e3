//! Pages agree with the sources, and lead to each other.

use crate::source::{Source, all_texts, refuse};
use std::path::Path;

#[test]
fn links_lead_somewhere() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = all_texts().into_iter().filter(|source| source.path.ends_with(".md"));
    let broken = pages.flat_map(|Source { path, text }| {
        let directory = top.join(&path).parent().map(Path::to_owned).unwrap_or_default();
        let broken = links(&text).into_iter().filter(move |link| !directory.join(link).exists());
        broken.map(move |link| format!("{path}: nothing is at {link}")).collect::<Vec<_>>()
    });
    refuse(broken);
}

/// Where links lead, without those to other sites and those inside of the page.
fn links(page: &str) -> Vec<String> {
    let inline = page.split("](").skip(1);
    let is_definition = |line: &&str| line.starts_with('[');
    let defined = page.lines().filter(is_definition).filter_map(|line| Some(line.split_once("]: ")?.1));
    let targets = inline.chain(defined).filter_map(|rest| rest.split([')', '#']).next());
    let is_elsewhere = |target: &str| target.contains("://") || target.starts_with("data:");
    targets.filter(|target| !target.is_empty() && !is_elsewhere(target)).map(str::to_owned).collect()
}

#[test]
fn the_language_page_has_every_rule() {
    let page = include_str!("../../docs/LANGUAGE.md");
    let missing = (1..=23).map(|rule| format!("| CV{rule:03} |")).filter(|row| !page.contains(row));
    refuse(missing.map(|row| format!("docs/LANGUAGE.md has no row `{row}`")));
}

#[test]
fn the_language_page_has_every_option() {
    let page = include_str!("../../docs/LANGUAGE.md");
    let options = options(include_str!("../../conveyor-macros/src/rules/options/table.rs"));
    assert!(options.len() > 10, "the macro's table is found: {options:?}");
    let told =
        |option: &&str| page.contains(&format!("`{option}`")) || page.contains(&format!("`{option} = "));
    refuse(
        options
            .into_iter()
            .filter(|option| !told(option))
            .map(|option| format!("docs/LANGUAGE.md does not tell of the option `{option}`")),
    );
}

/// The names in rows like `row(is_pipe, "limit_bytes", Value::Needed),`.
fn options(source: &str) -> Vec<&str> {
    let rows = source.lines().map(str::trim).filter(|line| line.starts_with("row("));
    rows.filter_map(|row| row.split('"').nth(1)).collect()
}

#[test]
fn links_and_options_are_found() {
    assert_eq!(links("[a](b.md) [c](https://d) [e](#f) [g](h/i.md#j)"), ["b.md", "h/i.md"]);
    assert_eq!(links("![a][b]\n\n[b]: c.svg\n[d]: data:e\n"), ["c.svg"]);
    assert_eq!(
        options("const X: &str = \"y\";\n    row(is_a, \"b\", C),\n    row(is_a, \"d\", C),"),
        ["b", "d"]
    );
}
