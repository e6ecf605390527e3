//! Names of messages inside of one process: whoever works on a message once more, in another process, calls it the same.

use super::victim::{FUSED, kill};
use crate::harness::{Scratch, watched};
use conveyor::{message_id, pipeline};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const COUNT: u64 = 400;

/// Keeps what came under a name; nothing else may come under it.
fn note(directory: &Path, x: u64) {
    let path = directory.join(message_id().to_string());
    match fs::read_to_string(&path) {
        Ok(before) => assert_eq!(before, x.to_string(), "another message had this name"),
        Err(_) => fs::write(&path, x.to_string()).expect("there is room"),
    }
}

#[test]
fn what_several_are_made_of_is_named_alike_by_every_worker() {
    watched("names", FUSED, |place| {
        let scratch = Scratch::new();
        let (names, died) = (scratch.file("names"), scratch.file("died"));
        fs::create_dir(&names).expect("there is room");
        let row = pipeline! {
            <u64 -> u64>(names: PathBuf = names.clone(), died: PathBuf);
            processor victim = |x| x;
            victim -> pipe -> flat_map(|x| [3 * x, 3 * x + 1, 3 * x + 2]) -> pipe -> processor(|y| {
                note(names, y);
                if y == 700 && File::create_new(died).is_ok() {
                    kill(std::process::id());
                    unreachable!("it was killed");
                }
                y
            })
        };
        let mut run = place.of(row).run(0..COUNT);
        assert!(run.by_ref().map(|y| y.expect("it goes on")).eq(0..3 * COUNT));
        assert_eq!(run.report().processor("victim").expect("it is declared").lanes()[0].replaced(), 1);
        let named = fs::read_dir(&names).expect("it is there").count();
        assert_eq!(named as u64, 3 * COUNT, "one name for each message, however often it was worked on");
    });
}
