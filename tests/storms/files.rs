//! Sources that go on at their position, and sinks that hold every byte once.

use crate::weather::{GENTLE, HARD, MANY, storm};
use conveyor::{Fuse, Pipeline, message_id, pipeline, sink, source};
use std::fs;
use std::path::{Path, PathBuf};

const LINES: u64 = 100_000;
const NAMES: u64 = 2000;

fn line(x: u64) -> String {
    format!("{x} {}", "~".repeat((x % 37) as usize))
}

/// A directory with a file of lines.
fn written() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("there is room");
    let path = directory.path().join("in.txt");
    fs::write(&path, (0..LINES).map(|x| line(x) + "\n").collect::<String>()).expect("there is room");
    (directory, path)
}

fn to_the_end(pipeline: &Pipeline<(), ()>) {
    if let Err(error) = pipeline.run_to_end(()) {
        panic!("{error}");
    }
}

fn holds(path: &Path, expected: &str) {
    let found = fs::read_to_string(path).expect("the sink has made it");
    if found != expected {
        let first = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
        panic!(
            "{} bytes instead of {}; the first line that differs: {first:?}, {:?}",
            found.len(),
            expected.len(),
            first.and_then(|first| found.lines().nth(first)),
        );
    }
}

fn copying(from: PathBuf, to: PathBuf) -> Pipeline<(), ()> {
    pipeline! {
        (from: PathBuf = from, to: PathBuf = to);
        source lines = source::lines(from)?;
        sink out = sink::lines(to)?;
        lines -> pipe(256) -> processor(|line: &str| line.to_uppercase()) -> pipe(256) -> out;
    }
}

#[test]
fn from_file_to_file() {
    let (directory, from) = written();
    let to = directory.path().join("out.txt");
    let expected: String = (0..LINES).map(|x| line(x).to_uppercase() + "\n").collect();
    storm(GENTLE, |_| {
        to_the_end(&copying(from.clone(), to.clone()));
        holds(&to, &expected);
    });
}

#[test]
fn from_file_to_file_in_one_process() {
    let (directory, from) = written();
    let to = directory.path().join("out.txt");
    let expected: String = (0..LINES).map(|x| line(x).to_uppercase() + "\n").collect();
    storm(GENTLE, |_| {
        to_the_end(&copying(from.clone(), to.clone()).fuse(Fuse::All));
        holds(&to, &expected);
    });
}

#[test]
fn bytes_of_a_farm() {
    let directory = tempfile::tempdir().expect("there is room");
    let to = directory.path().join("out.bin");
    let expected: String = (0..LINES).map(line).collect();
    storm(HARD, |_| {
        let file = to.clone();
        let farm = pipeline! {
            (file: PathBuf);
            source(0..LINES) [deterministic, restart = on_crash(MANY)] -> pipe(64)
                -> balanced fork(2) { processor(|x: u64| line(x).into_bytes()) [restart = on_crash(MANY)] } -> pipe(64)
                -> join ordered -> sink(sink::bytes(file)?) [restart = on_crash(MANY)];
        };
        to_the_end(&farm);
        holds(&to, &expected);
    });
}

/// A message that is worked on again has the name that it had: whoever keeps a thing under it has it once. The names are
/// noted outside, before the worker may be killed.
#[test]
fn names_stay() {
    let directory = tempfile::tempdir().expect("there is room");
    let names = directory.path().join("names");
    storm(GENTLE, |_| {
        let (file, count, _) = (names.clone(), NAMES, fs::remove_dir_all(&names));
        fs::create_dir(&names).expect("there is room");
        let merged = pipeline! {
            <() -> u64>(file: PathBuf, count: u64);
            source(0..*count) [deterministic] -> pipe(16) -> replicated fork {
                processor(|x| 2 * x),
                processor(|x| 2 * x + 1),
            } -> pipe(16) -> join merge -> processor(|x| {
                note(file, x);
                x
            })
        };
        let outputs: Result<Vec<u64>, conveyor::Error> = merged.run(()).collect();
        let outputs = outputs.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(outputs.len() as u64, 2 * NAMES);
        let notes = fs::read_dir(&names).expect("it is there").count();
        assert_eq!(notes as u64, 2 * NAMES, "a name for each message, however often it was worked on");
    });
}

/// Keeps what came under a name; under this name nothing else has come.
fn note(directory: &Path, x: u64) {
    let path = directory.join(message_id().to_string());
    match fs::read_to_string(&path).ok().filter(|text| !text.is_empty()) {
        Some(before) => assert_eq!(before, x.to_string(), "another message had this name"),
        None => fs::write(&path, x.to_string()).expect("there is room"),
    }
}
