//! Pages lead to each other.

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
fn links_are_found() {
    assert_eq!(links("[a](b.md) [c](https://d) [e](#f) [g](h/i.md#j)"), ["b.md", "h/i.md"]);
    assert_eq!(links("![a][b]\n\n[b]: c.svg\n[d]: data:e\n"), ["c.svg"]);
}
