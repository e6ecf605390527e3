//! The programs whose calls fail.

use conveyor::{Backend, Chunk, Context, Error, ErrorKind, Failure, pipeline, sink, source};
use std::fs;
use std::path::{Path, PathBuf};

/// Set for a program: which one it is.
pub(crate) const PROGRAM: &str = "CONVEYOR_TEST_PROGRAM";
/// Where it finds and leaves its files.
pub(crate) const DIRECTORY: &str = "CONVEYOR_TEST_DIRECTORY";

pub(crate) const PROGRAMS: [&str; 3] = ["farm", "files", "failure"];

/// What each of them writes.
pub(crate) const EXPECTED: &str = "the sum is 124750\n";
const MESSAGES: u64 = 500;

/// A program looks for it when its `main` begins: what stands before that in a trace is the loader's.
pub(crate) const MARKER: &str = "/proc/here-begins-main";

pub(crate) fn run(name: &str) {
    // it is not there
    let _ = fs::metadata(MARKER);
    let sum = match name {
        "farm" => farm(),
        "files" => files(),
        _ => failure(),
    };
    match sum {
        Ok(sum) => println!("the sum is {sum}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

/// Open ends, texts, and memory without a name.
fn farm() -> Result<u64, String> {
    let lengths = pipeline! {
        <u64 -> u64>;
        processor text = |number: u64| "x".repeat(number as usize);
        processor length = |text: &str| text.len() as u64;
        text -> pipe(16) -> balanced fork(2) { length } -> pipe -> join merge;
    };
    let mut run = lengths.context(Context::Processes).run(0..MESSAGES);
    run.by_ref().sum::<Result<u64, Error>>().map_err(|error| error.to_string())
}

/// A run that fails half-way, so that the workers that are left are ended.
fn failure() -> Result<u64, String> {
    let fails = pipeline! {
        <u64 -> u64>;
        try_map fails = |x: u64| if x == MESSAGES { Err(Failure::new("on purpose")) } else { Ok(x) };
        processor(|x| x) -> pipe(16) -> fails -> pipe(16) -> processor(|x| x);
    };
    let mut run = fails.context(Context::Processes).run(0..);
    let error = run.by_ref().find_map(Result::err).ok_or("it has no end")?;
    if (error.kind(), error.position()) != (ErrorKind::Failed, Some(MESSAGES)) {
        return Err(error.to_string());
    }
    Ok((0..MESSAGES).sum())
}

/// A source, a sink, chunks, and memory with a name; and somebody who would like to know of Ctrl-C.
fn files() -> Result<u64, String> {
    let directory = PathBuf::from(std::env::var_os(DIRECTORY).ok_or("no directory")?);
    let (from, to) = (input(&directory), output(&directory));
    let copy = pipeline! {
        <() -> ()>(from: PathBuf = from, to: PathBuf = to.clone());
        pool numbers(2) of [u64; 100];
        processor fill = {
            let pool = numbers.clone();
            move |line: &str| {
                let mut chunk = pool.take().expect("the run goes on");
                chunk.fill(line.parse().expect("a number a line"));
                chunk
            }
        };
        processor text = |chunk: Chunk<u64>| chunk[99].to_string();
        source(source::lines(from)?) -> pipe -> fill -> pipe -> text -> pipe -> sink(sink::lines(to)?);
    };
    let copy = copy.context(Context::Processes).backend(Backend::Named).handle_ctrl_c();
    copy.run_to_end(()).map_err(|error| error.to_string())?;
    let text = fs::read_to_string(to).map_err(|error| error.to_string())?;
    text.lines().map(|line| line.parse::<u64>().map_err(|error| error.to_string())).sum()
}

fn input(directory: &Path) -> PathBuf {
    directory.join("input")
}

/// What a program writes.
pub(crate) fn output(directory: &Path) -> PathBuf {
    directory.join("output")
}

/// Puts what a program needs into its directory.
pub(crate) fn prepare(directory: &Path) {
    let lines: String = (0..MESSAGES).map(|number| format!("{number}\n")).collect();
    fs::write(input(directory), lines).expect("there is room");
}
