//! `docs/RULES.md` shows declarations from the tests: one that breaks the rule, what is said about it, and
//! one that is right. `CONVEYOR_PAGES=overwrite` in the environment writes them anew.

use crate::source::refuse;
use std::path::{Path, PathBuf};

/// By rule, from the first: a file of `tests/ui`, and one of `tests/ui/right`.
const SHOWN: [(&str, &str); 23] = [
    ("cv001_processor_misspelt", "cv001_elements"),
    ("cv002_missing_question_mark", "cv002_processors"),
    ("cv003_starts_with_a_pipe", "cv003_a_processor_first"),
    ("cv004_missing_pipe", "cv004_pipe_between_processors"),
    ("cv005_fork_without_a_pipe", "cv005_pipe_before_a_fork"),
    ("cv006_join_without_a_pipe", "cv006_pipe_before_a_join"),
    ("cv007_partial_join", "cv007_every_branch_ends"),
    ("cv008_workers_without_a_join", "cv008_join_named"),
    ("cv009_cycle", "cv009_no_cycle"),
    ("cv010_declared_and_unused", "cv010_everything_connected"),
    ("cv011_unknown_name", "cv011_names_known"),
    ("cv012_declared_twice", "cv012_names_differ"),
    ("cv013_ordered_over_a_replicated_fork", "cv013_zip_over_a_replicated_fork"),
    ("cv014_two_pipes", "cv014_one_pipe"),
    ("cv015_capacity_0", "cv015_room_for_one"),
    ("cv016_one_branch", "cv016_two_branches"),
    ("cv017_types_disagree", "cv017_types_agree"),
    ("cv018_closure_captures", "cv018_parameter"),
    ("cv019_reads_two_inlets", "cv019_join_before_a_processor"),
    ("cv020_a_branch_leaves", "cv020_closed_region"),
    ("cv021_zip_over_a_filter", "cv021_one_to_one"),
    ("cv022_fork_of_what_cannot_be_cloned", "cv022_clone"),
    ("cv023_two_ends", "cv023_one_head_and_one_end"),
];

#[test]
fn the_page_shows_every_rule_as_tested() {
    let page = top().join("docs/RULES.md");
    let mut text = read(&page);
    let mut refused = Vec::new();
    for (rule, (wrong, right)) in (1..).zip(SHOWN) {
        let heading = format!("## CV{rule:03}: ");
        let Some(start) = text.find(&heading) else {
            refused.push(format!("docs/RULES.md has no heading `{heading}`"));
            continue;
        };
        let end = text[start..].find("\n```\n").map_or(text.len(), |end| start + end + "\n```\n".len());
        let block = text[start..].find("```text\n").map_or(end, |block| start + block);
        let shown = shown(wrong, right);
        if text[block..end] != shown {
            refused.push(format!("docs/RULES.md shows CV{rule:03} otherwise than the tests"));
            text.replace_range(block..end, &shown);
        }
    }
    if std::env::var_os("CONVEYOR_PAGES").is_some_and(|what| what == "overwrite") {
        std::fs::write(&page, text).expect("the page can be written");
        return;
    }
    refuse(refused);
}

/// Both declarations and the errors, as a block of the page.
fn shown(wrong: &str, right: &str) -> String {
    let ui = top().join("tests/ui");
    let said = read(&ui.join(format!("{wrong}.stderr")));
    let said: Vec<String> = said.lines().filter_map(headline).map(|line| format!("// {line}\n")).collect();
    let [wrong, right] = [format!("{wrong}.rs"), format!("right/{right}.rs")].map(|file| {
        let source = read(&ui.join(file));
        format!("{}{}", types(&source), declaration(&source))
    });
    format!("```text\n// wrong\n{wrong}{}\n// right\n{right}```\n", said.concat())
}

/// The structs of a file, with their derives.
fn types(source: &str) -> String {
    let is_first = |line: &&str| line.starts_with("#[derive") || line.starts_with("struct ");
    let lines = source.lines().skip_while(|line| !is_first(line));
    let lines = lines.take_while(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

/// What stands between the braces of a file's pipeline, without its indentation.
fn declaration(source: &str) -> String {
    let (_, behind) = source.split_once("pipeline! {").expect("the file declares a pipeline");
    let mut depth = 1;
    let end = behind.find(|letter| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        depth == 0
    });
    let inside = behind[..end.expect("the braces are closed")].trim_matches('\n').trim_end();
    let indentation = inside.len() - inside.trim_start().len();
    inside.lines().map(|line| format!("{}\n", line.get(indentation..).unwrap_or_default())).collect()
}

/// `CV004: ...`, or rustc's own words where we have none.
fn headline(line: &str) -> Option<&str> {
    let (kind, text) = line.split_once(": ").filter(|(kind, _)| kind.starts_with("error"))?;
    Some(text.find("CV").map_or(text, |code| &text[code..])).filter(|_| !kind.contains("aborting"))
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn declarations_and_headlines_are_found() {
    assert_eq!(declaration("x! {}\npipeline! {\n    a -> { b\n      };\n}\n"), "a -> { b\n  };\n");
    assert_eq!(declaration("pipeline! { a; };"), "a;\n");
    assert_eq!(types("use a;\n\n#[derive(B)]\nstruct C;\n\nfn main() {}\n"), "#[derive(B)]\nstruct C;\n");
    assert_eq!(headline("error[E0277]: CV017: no"), Some("CV017: no"));
    assert_eq!(headline("error: use of `a`: CV004: no"), Some("CV004: no"));
    assert_eq!(headline("error[E0308]: mismatched types"), Some("mismatched types"));
    assert_eq!(headline("  = note: CV017: no"), None);
}
