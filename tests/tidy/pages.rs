//! Pages lead to each other.

use crate::source::{Source, all_texts, refuse};
use std::fs;
use std::path::Path;

#[test]
fn links_lead_somewhere() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = all_texts().into_iter().filter(|source| source.path.ends_with(".md"));
    let broken = pages.flat_map(|Source { path, text }| {
        let page = top.join(&path);
        let broken = links(&text).into_iter().filter(|link| !leads(&page, link));
        broken.map(|link| format!("{path}: nothing is at {link}")).collect::<Vec<_>>()
    });
    refuse(broken);
}

/// To a file that is there, and to a heading that it has.
fn leads(page: &Path, link: &str) -> bool {
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let directory = page.parent().unwrap_or(page);
    let target = if file.is_empty() { page.to_owned() } else { directory.join(file) };
    match heading {
        "" => target.exists(),
        _ => fs::read_to_string(target).is_ok_and(|text| headings(&text).any(|known| known == heading)),
    }
}

/// What the headings of a page are called in links.
fn headings(page: &str) -> impl Iterator<Item = String> {
    page.lines().filter(|line| line.starts_with('#')).map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    })
}

/// rustdoc shows pages without their neighbours. So they lead there by names alone, and `lib.rs` has said before what these
/// names mean to rustdoc.
#[test]
fn pages_that_rustdoc_shows_lead_to_items() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |path: &str| fs::read_to_string(top.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let root = read("conveyor/src/lib.rs");
    let shown: Vec<&str> = root
        .split("include_str!(\"../docs/")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(page, _)| page))
        .collect();
    assert!(shown.len() > 3, "pages are included: {shown:?}");
    let comments =
        root.lines().map(|line| line.trim_start_matches(['/', '!', ' '])).collect::<Vec<_>>().join("\n");
    let known = format!("{comments}\n{}", read("docs/pictures/rustdoc.md"));
    refuse(shown.iter().flat_map(|page| unknown(&read(&format!("docs/{page}")), &known, page)));
}

/// What leads from a page to another file, and is no name of which the other text says what it means.
fn unknown(text: &str, known: &str, page: &str) -> Vec<String> {
    let inline = inline(text).into_iter().filter(|target| !target.starts_with('#'));
    let inline = inline.filter(|target| is_file(target)).map(str::to_owned);
    let known: Vec<&str> = definitions(known).into_iter().map(|(name, _)| name).collect();
    let defined =
        definitions(text).into_iter().filter(|(name, target)| is_file(target) && !known.contains(name));
    let defined = defined.map(|(name, _)| format!("[{name}]"));
    inline.chain(defined).map(|link| format!("docs/{page}: {link} leads nowhere in rustdoc")).collect()
}

/// Where links lead, without those to other sites.
fn links(page: &str) -> Vec<&str> {
    let defined = definitions(page).into_iter().map(|(_, target)| target);
    inline(page).into_iter().chain(defined).filter(|target| is_file(target)).collect()
}

/// The targets of `[text](target)`.
fn inline(page: &str) -> Vec<&str> {
    page.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// Names and targets of lines `[name]: target`.
fn definitions(page: &str) -> Vec<(&str, &str)> {
    page.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: ")).collect()
}

fn is_file(target: &str) -> bool {
    !target.contains("://") && !target.starts_with("data:")
}

#[test]
fn links_are_found() {
    assert_eq!(links("[a](b.md) [c](https://d) [e](#f) [g](h/i.md#j)"), ["b.md", "#f", "h/i.md#j"]);
    assert_eq!(links("![a][b]\n\n[b]: c.svg\n[d]: data:e\n"), ["c.svg"]);
}

#[test]
fn headings_are_found() {
    let page = "# 14: What `a_b` says\n\ntext\n## Exactly once, and at least once\n";
    assert_eq!(headings(page).collect::<Vec<_>>(), ["14-what-a_b-says", "exactly-once-and-at-least-once"]);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    assert!(leads(&here, "#try-it") && leads(&here, "docs/MEMORY.md#arrays") && leads(&here, "docs"));
    assert!(!leads(&here, "#tried") && !leads(&here, "docs/MEMORY.md#try-it") && !leads(&here, "MEMORY.md"));
}

#[test]
fn names_without_another_meaning_are_found() {
    let page = "[a](#in-the-page) [b](c.md) [d](https://e) [f][g] [h][i]\n\n[g]: j.md\n[i]: k.md\n";
    let complaints = unknown(page, "[g]: Item\n", "X.md");
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert!(complaints[0].contains("c.md") && complaints[1].contains("[i]"), "{complaints:?}");
}
