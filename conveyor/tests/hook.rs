//! The hook is part of every program that uses the library, without a line in it: here of an integration test.

#![cfg(target_os = "linux")]

use conveyor as _;
use std::process::Command;

const VARIABLE: &str = "CONVEYOR_WORKER";

#[test]
fn an_order_that_makes_no_sense_is_refused_before_main() {
    // Without the hook the program would start itself for ever.
    assert_eq!(std::env::var_os(VARIABLE), None, "the hook is missing");
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).env(VARIABLE, "nonsense").output().unwrap();
    assert_eq!(output.status.code(), Some(241), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "the tests must not run");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("CONVEYOR_WORKER makes no sense"), "{text}");
}
