//! The example `acquisition`, run as a user runs it, while its detector and its workers are killed: every pair of frames is
//! counted once.

use crate::example;
use crate::weather::{SPARING, storm};
use std::process::{Command, Stdio};

const FRAMES: &str = "3000";

#[test]
fn acquisition() {
    let program = example::path_of("acquisition");
    let acquire = |context: &str| {
        let mut acquire = Command::new(&program);
        acquire.arg(FRAMES).env("CONVEYOR_CONTEXT", context);
        let acquire = acquire.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        acquire.spawn().expect("it can be started")
    };
    let undisturbed = acquire("serial").wait_with_output().expect("it ends");
    assert!(undisturbed.status.success());

    storm(SPARING, |storm| {
        let acquisition = acquire("processes");
        storm.aim_at(&acquisition);
        let output = acquisition.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, undisturbed.stdout);
    });
}
