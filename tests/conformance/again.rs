//! Programs that end badly, or read their standard input: each is a test of this binary, started again.

use super::proc::Stat;
use crate::harness::{Place, watched};
use conveyor::{Backend, Context, Fuse, Pipeline, Result, pipeline};
use std::fs;
use std::io::{BufRead, BufReader, Write, stdin};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Whoever was killed is gone a little late.
const DEADLINE: Duration = Duration::from_secs(20);

const PLACE: Place = Place(Context::Processes, Backend::Memfd, Fuse::None);

/// Tells a test that it was started again.
const AGAIN: &str = "CONFORMANCE_AGAIN";

fn is_again() -> bool {
    assert_eq!(std::env::var_os("CONVEYOR_WORKER"), None, "a worker never gets here");
    std::env::var_os(AGAIN).is_some()
}

/// Starts a test of this file again.
fn again(test: &str) -> Child {
    let module = module_path!().split_once("::").expect("a module of the suite").1;
    let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
    command.args(["--exact", &format!("{module}::{test}"), "--nocapture"]);
    command.env(AGAIN, "1").env_remove("CONVEYOR_CONTEXT").env_remove("CONVEYOR_GRAPH");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it can be started")
}

/// What a line says behind `mark`.
fn said<'l>(line: &'l str, mark: &str) -> Option<&'l str> {
    Some(line.split_once(mark)?.1.trim())
}

/// A message that keeps a worker at work for ever.
const FOR_EVER: u64 = 1;

fn work((order, first): (u64, u32)) -> (u32, u32) {
    if order == FOR_EVER {
        loop {
            std::hint::spin_loop();
        }
    }
    (first, std::process::id())
}

type Workers = ((u32, u32), (u32, u32));

fn workers() -> Pipeline<u64, Workers> {
    pipeline! {
        <u64 -> Workers>;
        processor first = |order: u64| (order, std::process::id());
        first -> pipe -> replicated fork { processor(work), processor(work) } -> pipe -> join zip
    }
}

/// Tells its workers; when it is started again, it goes on until it is killed.
#[test]
fn a_program_with_workers() {
    watched("a program with workers", PLACE, |place| {
        let goes_on = is_again();
        let mut running = place.of(workers()).start().expect("it starts");
        running.send(0).expect("there is room");
        let ((first, one), (_, other)) = running.recv().expect("it comes out");
        assert!(first != one && one != other && other != first, "three processes");
        if goes_on {
            running.send(FOR_EVER).expect("there is room");
            println!("workers: {first} {one} {other}");
            let _never = running.recv();
        }
        running.stop().expect("a stop is no failure");
    });
}

#[test]
fn nothing_outlives_a_program_that_is_killed() {
    watched("nothing outlives a program that is killed", PLACE, |_| {
        assert!(!is_again());
        let mut program = again("a_program_with_workers");
        let mut lines =
            BufReader::new(program.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        let pids = lines.find_map(|line| said(&line, "workers: ").map(str::to_owned)).expect("it tells");
        let birth = |pid: &str| Stat::of(pid).filter(|stat| !stat.is_zombie()).map(|stat| stat.birth());
        let births: Vec<_> = pids.split(' ').map(|pid| (pid, birth(pid))).collect();
        assert_eq!(births.len(), 3);
        assert!(births.iter().all(|(_, birth)| birth.is_some()), "they live: {births:?}");

        program.kill().expect("it lives");
        program.wait().expect("it is a child");
        let killed = Instant::now();
        while births.iter().any(|(pid, before)| birth(pid) == *before) {
            assert!(killed.elapsed() < DEADLINE, "a worker of {} lives: {births:?}", program.id());
            std::thread::yield_now();
        }
        let mine = format!("conveyor-{}-", program.id());
        let names = fs::read_dir("/dev/shm").expect("Linux").flatten();
        let left: Vec<_> = names.map(|name| name.file_name().to_string_lossy().into_owned()).collect();
        assert!(!left.iter().any(|name| name.starts_with(&mine)), "{left:?}");
    });
}

/// A closure that gives with each line what its own process has as its standard input.
fn beside() -> Result<impl FnMut(String) -> (String, PathBuf)> {
    let input = fs::read_link("/proc/self/fd/0")?;
    Ok(move |line| (line, input.clone()))
}

/// Only when it is started again, its source has the standard input; the other worker never has.
#[test]
fn a_program_that_reads() {
    watched("a program that reads", PLACE, |place| {
        let piped = is_again();
        let read = pipeline! {
            <() -> (String, PathBuf)>(piped: bool);
            source lines [stdin = *piped] = stdin().lines().map(|line| line.expect("UTF-8"));
            lines -> pipe -> processor(beside()?)
        };
        let read = place.all(read);
        assert!(read.iter().all(|(_, beside)| beside == Path::new("/dev/null")), "{read:?}");
        let lines: Vec<_> = read.into_iter().map(|(line, _)| line).collect();
        assert!(piped || lines.is_empty(), "{lines:?}");
        println!("lines: {}", lines.join(","));
    });
}

#[test]
fn only_the_source_has_the_standard_input() {
    watched("only the source has the standard input", PLACE, |_| {
        assert!(!is_again());
        let mut program = again("a_program_that_reads");
        let mut input = program.stdin.take().expect("it is piped");
        input.write_all(b"one\ntwo\nthree").expect("it reads");
        drop(input);
        let output = program.wait_with_output().expect("it is a child");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        let lines = text.lines().find_map(|line| said(line, "lines: "));
        assert_eq!(lines, Some("one,two,three"), "{text}");
    });
}
