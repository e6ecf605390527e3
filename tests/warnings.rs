//! Warnings of the language: they are there, name their place, stop nobody, and are as loud as the program says.

mod compiler;

use std::process::{Command, Output};

const PROGRAM: &str = "\
use conveyor::{Context, pipeline};

fn double(x: u64) -> u64 {
    x * 2
}

LEVEL
fn main() {
    let doubled = pipeline! {
        <u64 -> u64>;
        BODY
    };
    let doubled: Vec<u64> = doubled.context(Context::Serial).run([1]).map(Result::unwrap).collect();
    println!(\"{doubled:?}\");
}
";

const MISSING_PIPE: &str = "processor(double) -> processor(double);";
const ONE_BRANCH: &str = "processor(double) -> pipe -> replicated fork { processor(double) };";

/// What rustc says about our rules in a program, one line each; and what the program prints, if there is one.
fn run(text: &str) -> (Vec<String>, Option<String>) {
    let directory = tempfile::tempdir().expect("a directory");
    let (source, program) = (directory.path().join("program.rs"), directory.path().join("program"));
    std::fs::write(&source, text).expect("the directory can be written");
    let output = compiler::compile(&source).arg("-o").arg(&program).output().expect("rustc is there");
    let printed = output.status.success().then(|| {
        let output = Command::new(&program).output().expect("the program runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    (about_rules(&output), printed)
}

/// The same, without a program; and whether there could be one.
fn check(text: &str) -> (Vec<String>, bool) {
    let directory = tempfile::tempdir().expect("a directory");
    let source = directory.path().join("program.rs");
    std::fs::write(&source, text).expect("the directory can be written");
    let mut command = compiler::compile(&source);
    let output = command.args(["--emit", "metadata", "--out-dir"]).arg(directory.path()).output();
    let output = output.expect("rustc is there");
    (about_rules(&output), output.status.success())
}

fn about_rules(output: &Output) -> Vec<String> {
    let said = compiler::said(output);
    let said = said.lines().filter(|line| line.contains("CV0"));
    said.map(|line| line.split_once("program.rs:").map_or(line, |(_, behind)| behind).to_owned()).collect()
}

/// `level` stands in front of the program, or of its function.
fn program(level: &str, body: &str) -> String {
    let (of_crate, of_item) = if level.starts_with("#!") { (level, "") } else { ("", level) };
    format!("{of_crate}\n{}", PROGRAM.replace("LEVEL", of_item).replace("BODY", body))
}

#[track_caller]
fn warns(body: &str, expected: &str) {
    let (said, printed) = run(&program("", body));
    assert!(said.len() == 1 && said[0].starts_with(expected), "{said:?}");
    assert_eq!(printed.as_deref(), Some("[4]\n"), "the program is built and runs");
}

#[test]
fn a_missing_pipe_is_shown_at_its_arrow() {
    warns(
        MISSING_PIPE,
        "12:27: warning: use of deprecated macro `missing::pipe`: CV004: no pipe before this processor",
    );
}

#[test]
fn a_fork_with_one_branch_is_shown() {
    warns(
        ONE_BRANCH,
        "12:38: warning: use of deprecated macro `one::branch`: CV016: a fork with one branch does nothing",
    );
}

#[test]
fn levels_are_obeyed() {
    for body in [MISSING_PIPE, ONE_BRANCH] {
        for level in ["#![deny(warnings)]", "#![deny(deprecated)]", "#[deny(warnings)]"] {
            let (said, is_built) = check(&program(level, body));
            assert!(said.len() == 1 && said[0].contains("error: use of deprecated"), "{level}: {said:?}");
            assert!(!is_built, "{level}");
        }
        for level in
            ["#![allow(deprecated)]", "#[allow(deprecated)]", "#![deny(warnings)]\n#![allow(deprecated)]"]
        {
            assert_eq!(check(&program(level, body)), (Vec::new(), true), "{level}");
        }
    }
}

#[test]
fn implicit_pipes_can_be_allowed() {
    let program = program("#![deny(warnings)]", MISSING_PIPE);
    let allowed = program.replace("<u64 -> u64>;", "#![allow(implicit_pipe)]\n        <u64 -> u64>;");
    assert_eq!(check(&allowed), (Vec::new(), true));
}

#[test]
fn an_item_says_how_loud_its_warnings_are() {
    let item = |level: &str| {
        check(&format!(
            "#![deny(warnings)]\nfn double(x: u64) -> u64 {{ x * 2 }}\nconveyor::pipeline! {{ {level} pub \
             Doubled<u64 -> u64>; {MISSING_PIPE} }}\nfn main() {{ let _ = Doubled::pipeline(); }}\n"
        ))
    };
    let (said, is_built) = item("");
    assert!(said.len() == 1 && !is_built, "{said:?}");
    assert_eq!(item("#[allow(deprecated)]"), (Vec::new(), true));
}
