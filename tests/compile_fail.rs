//! Every rule, broken once: one mistake a file, named after it.
//!
//! Beside each file stands the whole text that rustc shows for it. rustc's part of it changes with its version: so the
//! whole is compared where the pinned version compiles, and our own part, with its places, everywhere.

mod compiler;

use std::path::{Path, PathBuf};
use std::process::Command;

const DIRECTORY: &str = "tests/ui";

fn mistakes() -> Vec<PathBuf> {
    let files = std::fs::read_dir(DIRECTORY).expect("tests run in the package's directory");
    let mut files: Vec<PathBuf> = files.filter_map(Result::ok).map(|file| file.path()).collect();
    files.retain(|file| file.extension().is_some_and(|is| is == "rs"));
    files.sort();
    files
}

#[test]
fn every_rule_is_broken() {
    let mistakes = mistakes();
    for rule in 1..=23 {
        let rule = format!("cv{rule:03}_");
        let is_it =
            |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&rule));
        assert!(mistakes.iter().any(is_it), "no mistake in {DIRECTORY} is named {rule}*.rs");
    }
}

#[test]
fn every_mistake_is_answered_at_its_token() {
    if version() == pinned() {
        trybuild::TestCases::new().compile_fail(format!("{DIRECTORY}/*.rs"));
    }
}

#[test]
fn our_own_words_do_not_depend_on_the_compiler() {
    let mistakes = mistakes();
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for share in mistakes.chunks(mistakes.len().div_ceil(workers)) {
            scope.spawn(|| share.iter().for_each(|file| our_words_agree(file)));
        }
    });
}

/// `line:column: error: text` of each error of ours, in the file's expected text and in what the compiler says.
fn our_words_agree(file: &Path) {
    let expected = std::fs::read_to_string(file.with_extension("stderr")).expect("it has an expected text");
    let expected = expected.replace("$DIR/", ""); // a closure is called by its place
    let expected: Vec<String> = expected
        .lines()
        .zip(expected.lines().skip(1))
        .filter(|(headline, _)| is_ours(headline))
        .filter_map(|(headline, place)| Some(format!("{}: {headline}", place.split_once(".rs:")?.1)))
        .collect();
    let directory = tempfile::tempdir().expect("a directory");
    let output =
        compiler::compile(file).args(["--emit", "metadata", "--out-dir"]).arg(directory.path()).output();
    let output = output.expect("rustc is there");
    let said = compiler::said(&output);
    let places = said.lines().filter_map(|line| Some(line.split_once(".rs:")?.1.to_owned()));
    let said: Vec<String> =
        places.filter(|line| line.split_once(": ").is_some_and(|(_, text)| is_ours(text))).collect();
    // Behind its headline an error has the text that stands under its token.
    let agree = said.len() == expected.len()
        && said.iter().zip(&expected).all(|(said, expected)| said.starts_with(expected));
    assert!(agree, "{}\n    said {said:#?}\nexpected {expected:#?}", file.display());
    assert!(!output.status.success(), "{}", file.display());
}

fn is_ours(headline: &str) -> bool {
    headline.starts_with("error: ") || headline.starts_with("error[") && headline.contains("]: CV")
}

/// `1.95.0`
fn version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc is there");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn pinned() -> &'static str {
    let file = include_str!("../rust-toolchain.toml");
    let channel = file.lines().find_map(|line| line.strip_prefix("channel = "));
    channel.expect("a version is pinned").trim_matches('"')
}

#[test]
fn the_oldest_supported_version_is_the_pinned_one() {
    let oldest = include_str!("../Cargo.toml").lines().find_map(|line| line.strip_prefix("rust-version = "));
    let oldest = oldest.expect("the workspace has one").trim_matches('"');
    assert_eq!(pinned(), format!("{oldest}.0"));
}
