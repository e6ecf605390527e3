//! A process that user code has forked without `exec` has what its worker had open. As long as it lives, the lock of a file
//! is held: a replacement says so, and does not write beside it or wait.

use super::victim::{PLACE, kill};
use crate::harness::{Scratch, watched};
use conveyor::{Error, ErrorKind, Processor, Result, pipeline, sink};
use rustix::process::{Pid, WaitOptions, waitpid};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// A child of a plain `fork`, which ends when this is over.
pub(super) fn forked(child: impl FnOnce() -> i32) -> u32 {
    unsafe extern "C" {
        fn fork() -> i32;
        fn _exit(status: i32) -> !;
    }
    // SAFETY: whoever else runs here waits for this thread, and holds nothing that the child needs.
    let pid = unsafe { fork() };
    if pid == 0 {
        let status = catch_unwind(AssertUnwindSafe(child)).unwrap_or(101);
        // SAFETY: nothing of the parent's is to be cleaned up here.
        unsafe { _exit(status) };
    }
    u32::try_from(pid).expect("there is room for a process")
}

/// Waits for a child, which has to succeed.
pub(super) fn has_succeeded(child: u32) {
    let child = Pid::from_raw(child.cast_signed()).expect("not 0");
    let (_, status) =
        waitpid(Some(child), WaitOptions::empty()).expect("it is our child").expect("it has ended");
    assert_eq!(status.exit_status(), Some(0), "{status:?}");
}

/// A process that does nothing; its number goes into a file.
fn helper(file: &PathBuf) {
    let pid = forked(|| {
        loop {
            std::thread::park();
        }
    });
    fs::write(file, pid.to_string()).expect("there is room");
}

/// Forks a helper at the third text, and dies.
struct Helped(PathBuf);
impl Processor for Helped {
    type In = String;
    type Out = String;
    fn process(&mut self, text: String) -> Result<String> {
        if text == "2" {
            helper(&self.0);
            std::process::abort();
        }
        Ok(text)
    }
}

#[test]
fn it_keeps_the_file_of_a_dead_sink() {
    watched("a forked helper", PLACE, |place| {
        let scratch = Scratch::new();
        let (lines, helper) = (scratch.file("lines"), scratch.file("helper"));
        let row = pipeline! {
            <u64 -> ()>(lines: PathBuf = lines.clone(), helper: PathBuf = helper.clone());
            processor text [stateless] = |x: u64| x.to_string();
            processor helped [stateless, fuse = next] = Helped(helper.clone());
            text -> pipe -> helped -> pipe -> sink(sink::lines(lines)?);
        };
        let outcome = place.of(row).run(0..10).collect::<Result<Vec<()>, Error>>();
        let pid: u32 = fs::read_to_string(&helper).expect("it was forked").parse().expect("a number");
        kill(pid);
        let error = outcome.expect_err("the file is taken");
        assert_eq!(error.kind(), ErrorKind::Constructor, "{error}");
        assert!(error.cause().contains("forked without `exec`"), "{error}");
        let written = fs::read_to_string(&lines).expect("it is text");
        assert!("0\n1\n".starts_with(&written), "nothing twice, and nothing beyond: {written:?}");
    });
}
