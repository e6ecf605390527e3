//! A program that is built to abort on panic: its errors say what the panic was.

use crate::cargo::Workspace;
use std::process::Command;

const MAIN: &str = r#"
use conveyor::{Context, pipeline};

fn main() {
    let row = pipeline! {
        <u64 -> u64>;
        processor victim = |x: u64| {
            assert!(x != 70, "it bursts");
            x
        };
        processor(|x| x) -> pipe -> victim;
    };
    let error = row.context(Context::Processes).run(0..100).find_map(Result::err).expect("it fails");
    println!("{}: {error}", cfg!(panic = "abort"));
}
"#;

#[test]
fn a_program_that_aborts_on_panic_says_why() {
    Workspace::new("aborts", &["aborting"]).aborting("aborting", MAIN);
    let output = Command::new(Workspace::path_of("aborting")).output().expect("it can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("true: `victim` died at message 70: "), "{output:?}");
    assert!(said.contains("SIGABRT") && said.contains("after a panic: it bursts"), "{output:?}");
}
