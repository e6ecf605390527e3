//! The files of the repository, as texts.

use std::fs;
use std::path::Path;

/// One file.
pub(crate) struct Source {
    /// From the top of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every file that people write: sources, pages, scripts, manifests.
pub(crate) fn all_texts() -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(top, top, &mut found);
    assert!(found.len() > 100, "the repository has more files than {}", found.len());
    found
}

/// The Rust sources among them.
pub(crate) fn rust_sources() -> Vec<Source> {
    all_texts().into_iter().filter(|source| source.path.ends_with(".rs")).collect()
}

fn collect(top: &Path, directory: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).expect("the repository can be read") {
        let path = entry.expect("the repository can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_ours = name != "target" && (name == ".ci" || !name.starts_with('.'));
        if path.is_symlink() || !is_ours {
            continue;
        }
        if path.is_dir() {
            collect(top, &path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(top).expect("it lies below the top");
            found.push(Source { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

/// Lines with their numbers, without comments. A `//` inside a string ends the line, too: good enough to find words.
pub(crate) fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines().map(|line| line.split("//").next().unwrap_or_default()))
}

/// Is `word` in the line, and not a part of a longer word?
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
}

/// Fails if there is anything to complain about, and shows all of it.
#[track_caller]
pub(crate) fn refuse(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<String> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn comments_are_no_code() {
    let lines: Vec<_> = code_lines("let a = 1; // unsafe\n/// unsafe\nunsafe {}").collect();
    assert_eq!(lines, [(1, "let a = 1; "), (2, ""), (3, "unsafe {}")]);
}

#[test]
fn words_are_whole() {
    assert!(has_word("x = unsafe { y }", "unsafe") && has_word("unsafe", "unsafe"));
    assert!(!has_word("unsafe_code", "unsafe") && !has_word("is_unsafe()", "unsafe"));
}

#[test]
#[should_panic(expected = "a is wrong\nb is wrong")]
fn every_complaint_is_shown() {
    refuse(["a is wrong".to_owned(), "b is wrong".to_owned()]);
}
