//! A program that has closed its standard output: whatever is opened next takes its number.

use crate::harness::Scratch;
use conveyor::{Backend, Context, pipeline, sink};
use std::path::PathBuf;
use std::process::Command;

/// The file that is to be written by the program that closes.
const VARIABLE: &str = "CONVEYOR_TEST_CLOSES";

/// # Safety
/// Nobody needs the standard output any more.
unsafe fn close_stdout() {
    unsafe extern "C" {
        fn close(descriptor: i32) -> i32;
    }
    // SAFETY: a function of the C library, called as it is declared there.
    assert_eq!(unsafe { close(1) }, 0);
}

#[test]
fn the_program_that_closes() {
    let Some(file) = std::env::var_os(VARIABLE).map(PathBuf::from) else { return };
    // SAFETY: this process has one test, which says by its exit code how it has ended.
    unsafe { close_stdout() };
    let row = pipeline! {
        <u64 -> ()>(file: PathBuf = file.clone());
        processor text = |x: u64| {
            println!("of a worker");
            x.to_string()
        };
        processor last [fuse = next] = |text: &str| {
            println!("beside the file");
            text.to_owned()
        };
        text -> pipe(4) -> last -> pipe -> sink(sink::lines(file)?);
    };
    for backend in [Backend::Memfd, Backend::Named] {
        let mut running =
            row.clone().context(Context::Processes).backend(backend).start().expect("it starts");
        for x in 0..100 {
            println!("of the program, and so long that it would spoil whatever is shared: {:500}", x);
            running.send(x).expect("there is room");
        }
        running.finish().expect("it ends well");
    }
}

#[test]
fn what_is_printed_goes_nowhere() {
    let scratch = Scratch::new();
    let file = scratch.file("numbers");
    let mut program = Command::new(std::env::current_exe().expect("a test has a file"));
    program.args(["--exact", "supervision::descriptors::the_program_that_closes", "--nocapture"]);
    let output = program.env(VARIABLE, &file).output().expect("it can be started");
    assert!(output.status.success(), "{output:?}");
    let expected: String = (0..100).map(|x| format!("{x}\n")).collect();
    assert_eq!(std::fs::read_to_string(file).expect("it is text"), expected);
}
