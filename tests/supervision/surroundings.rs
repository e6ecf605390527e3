//! Programs in surroundings that are not as they should be: here it is this test, started again in them.

use super::groups::Group;
use super::namespaces::in_namespaces;
use super::victim::{PLACE, kill, pid_of, replace};
use crate::harness::{Scratch, watched};
use conveyor::{Backend, Error, ErrorKind, Pipeline, Running, Sink, pipeline, sink};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

/// What the program does.
const VARIABLE: &str = "CONVEYOR_TEST_SURROUNDINGS";
/// A file that it makes at the end, if it is to.
const DONE: &str = "CONVEYOR_TEST_DONE";
/// A directory without much room.
const DISK: &str = "CONVEYOR_TEST_DISK";

fn farm() -> Pipeline<u64, u64> {
    pipeline! {
        <u64 -> u64>;
        processor work = |x: u64| match x {
            1_000_001 => panic!("it bursts"),
            1_000_002 => std::process::exit(0),
            _ => x + 1,
        };
        processor(|x| x) -> pipe(64) -> balanced fork(3) { work } -> pipe -> join ordered;
    }
}

/// 512 MiB of chunks.
fn large() -> Pipeline<u64, u64> {
    pipeline! {
        <u64 -> u64>;
        pool large(64) of [u64; 1 << 20];
        processor({ let pool = large.clone(); move |x: u64| x + pool.chunks() as u64 })
    }
}

fn runs(farm: &Pipeline<u64, u64>) -> Result<(), Error> {
    let outputs: Vec<u64> = farm.run(0..1000).collect::<Result<_, _>>()?;
    assert!(outputs.into_iter().eq(1..1001));
    Ok(())
}

/// It could not even start, and nothing of it is left.
fn is_refused(what: &str) {
    let error = runs(&farm()).expect_err("it cannot start");
    assert_eq!(error.kind(), ErrorKind::Start, "{error}");
    assert!(error.to_string().contains(what), "{error}");
    nothing_is_left();
}

fn nothing_is_left() {
    let me = std::fs::read_dir("/proc/self/task").expect("it is there").flatten();
    let children = me.map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
    assert_eq!(children.collect::<String>(), "");
    let maps = std::fs::read_to_string("/proc/self/maps").expect("it is there");
    assert!(!maps.contains("memfd:conveyor"), "{maps}");
}

fn limit(resource: Resource, to: u64) {
    let lower = Rlimit { current: Some(to), ..getrlimit(resource) };
    setrlimit(resource, lower).expect("a lower limit is always allowed");
}

#[test]
fn the_program() {
    let Ok(what) = std::env::var(VARIABLE) else { return };
    match &*what {
        "runs" => runs(&farm()).expect("nothing is in the way"),
        "few descriptors" => {
            limit(Resource::Nofile, 10);
            is_refused("ulimit -n");
        }
        "short files" => {
            limit(Resource::Fsize, 1 << 20);
            is_refused("`ulimit -f`");
        }
        "narrow address space" => {
            let huge = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(1 << 20) -> processor(|x| x) };
            limit(Resource::As, 6 << 20);
            let error = huge.start().err().expect("it cannot start");
            assert!(error.to_string().contains("`ulimit -v`"), "{error}");
        }
        "few processes" => is_refused("`ulimit -u`"),
        "no processes" => {
            limit(Resource::Nproc, 1);
            is_refused("`ulimit -u`");
        }
        "little memory" => {
            let text = large().start().err().expect("the group has less").to_string();
            let (_, had) =
                text.split_once(" MiB of shared memory, and ").expect("what is needed, and what can be had");
            let had = had.split(' ').next().and_then(|had| had.parse::<u64>().ok());
            assert!(had.is_some_and(|had| had <= 128) && text.contains("needs 51"), "{text}");
            runs(&farm()).expect("a small one has room");
        }
        "too much memory" => {
            let huge = pipeline! {
                <u64 -> u64>;
                pool huge(1 << 15) of [u64; 1 << 20];
                processor({ let pool = huge.clone(); move |x: u64| x + pool.chunks() as u64 })
            };
            let error = huge.start().err().expect("nobody has so much");
            let text = error.to_string();
            assert!(error.kind() == ErrorKind::Start && text.contains("MiB can be had"), "{text}");
        }
        "little named memory" => {
            let text = large().backend(Backend::Named).start().err().expect("it has 1 MiB").to_string();
            assert!(text.contains("needs 51") && text.contains("and 1 MiB can be had"), "{text}");
            assert_eq!(fs::read_dir("/dev/shm").expect("it is there").count(), 0, "nothing is left");
            runs(&farm()).expect("memory without a name needs no room there");
        }
        "no memory left" => eats_all_memory(),
        "full disk" => fills_the_disk(),
        "replaced file" => replaces_its_file(),
        "fewer descriptors than workers" => watched("fewer descriptors", PLACE, |_| nobody_can_watch()),
        "children are nobody's business" => {
            // SAFETY: no handler is installed.
            unsafe { ignore_children() };
            no_status();
        }
        _ => unreachable!("{what}"),
    }
    if let Some(done) = std::env::var_os(DONE) {
        File::create_new(done).expect("there is room");
    }
    println!("well done");
}

/// The supervisor looks again and again, and `poll` refuses more descriptors than a process may have.
fn nobody_can_watch() {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x) [deadline = Duration::from_millis(100)] -> pipe -> processor(|x| x)
    };
    let mut running = PLACE.of(row).start().expect("it starts");
    running.send(1).expect("there is room");
    assert_eq!(running.recv().expect("it comes out"), 1);
    limit(Resource::Nofile, 1);
    assert!(running.recv().is_err(), "it ends");
    let error = running.finish().expect_err("nobody watches its workers");
    assert_eq!(error.kind(), ErrorKind::Died, "{error}");
    assert!(error.to_string().contains("cannot be watched any more: `poll`"), "{error}");
    limit(Resource::Nofile, 100);
    nothing_is_left();
}

/// The system kills the worker that asks for more than the group may have.
fn eats_all_memory() {
    let row = pipeline! {
        <u64 -> u64>;
        processor eats = |x: u64| if x == 7 { vec![x as u8; 1 << 30].iter().map(|x| u64::from(*x)).sum() } else { x };
        processor(|x| x) -> pipe -> eats;
    };
    let error = PLACE.error(row, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(9), Some("eats")), "{error}");
    assert_eq!(error.position(), Some(7), "{error}");
    assert!(error.cause().contains("memory ran out"), "{error}");
}

fn fills_the_disk() {
    let file = Path::new(&std::env::var_os(DISK).expect("the test has made it")).join("lines");
    let row = pipeline! {
        <u64 -> ()>(file: std::path::PathBuf = file.clone());
        processor text = |x: u64| x.to_string();
        sink store = sink::lines(file)?;
        text -> pipe -> store;
    };
    const COUNT: u64 = 100_000;
    let error = PLACE.of(row).run_to_end(0..COUNT).expect_err("there is no room");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("store")), "{error}");
    assert!(error.cause().contains("No space left") && error.cause().contains("lines"), "{error}");
    let all: String = (0..COUNT).map(|x| format!("{x}\n")).collect();
    let written = fs::read_to_string(file).expect("it is text");
    assert!(written.len() > 1000 && all.starts_with(&written), "{} bytes of {}", written.len(), all.len());
}

fn replaces_its_file() {
    let file = std::env::current_exe().expect("a test has a file");
    let mut running = farm().start().expect("nothing is in the way");
    fs::remove_file(&file).and_then(|()| fs::write(&file, "another program")).expect("it is a copy");
    for x in 0..6 {
        replace(&running, "work", x as usize % 3);
        running.send(x).expect("there is room");
        assert_eq!(running.recv().expect("it comes out"), x + 1);
    }
    running.finish().expect("it goes on");
}

/// # Safety
/// Nobody waits for children.
unsafe fn ignore_children() {
    unsafe extern "C" {
        fn signal(number: i32, handler: usize) -> usize;
    }
    const SIGCHLD: i32 = 17;
    const SIG_IGN: usize = 1;
    // SAFETY: a function of the C library, called as it is declared there.
    unsafe { signal(SIGCHLD, SIG_IGN) };
}

/// How a child has ended the system does not tell.
fn no_status() {
    runs(&farm()).expect("ends are known from shared memory");
    let error = farm().run([1, 1_000_001]).find_map(Result::err).expect("it bursts");
    assert_eq!((error.kind(), error.position()), (ErrorKind::Panicked, Some(1)), "{error}");
    assert!(error.cause().contains("it bursts"), "{error}");
    let error = farm().run([1, 1_000_002]).find_map(Result::err).expect("it ends");
    assert_eq!((error.kind(), error.position()), (ErrorKind::Died, Some(1)), "{error}");
    assert!(error.cause().contains("SIGCHLD"), "{error}");

    let mut running: Running<u64, u64> = farm().start().expect("it starts");
    // four times each: one that dies a fifth time before it has taken anything ends the run, and a slow one may
    for x in 0..12 {
        running.send(x).expect("there is room");
        assert_eq!(running.recv().expect("it comes out"), x + 1);
        kill(pid_of(&running, "work", x as usize % 3));
    }
    let (rest, report) = running.finish().expect("whoever is killed is replaced");
    assert!(rest.is_empty() && report.processor("work").expect("it is declared").replaced() > 3, "{report}");
}

fn command(what: &str) -> Command {
    command_of(&std::env::current_exe().expect("a test has a file"), what)
}

fn command_of(program: &Path, what: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", "supervision::surroundings::the_program", "--nocapture"]);
    command.env(VARIABLE, what).env("RUST_BACKTRACE", "0");
    command
}

fn is_well(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("well done"), "{output:?}");
}

fn goes_well(what: &str) {
    is_well(&command(what).output().expect("it can be started"));
}

#[test]
fn too_few_descriptors_are_an_error() {
    goes_well("few descriptors");
}

#[test]
fn workers_that_cannot_be_watched_any_more_end_the_run() {
    goes_well("fewer descriptors than workers");
}

#[test]
fn files_that_may_not_be_long_enough_are_an_error() {
    goes_well("short files");
}

#[test]
fn an_address_space_that_is_too_narrow_is_an_error() {
    goes_well("narrow address space");
}

#[test]
fn more_memory_than_there_is_is_an_error() {
    goes_well("too much memory");
}

#[test]
fn a_group_with_too_little_memory_is_an_error() {
    if let Some(group) = Group::new("memory", &[("memory.max", "128M"), ("memory.limit_in_bytes", "128M")]) {
        is_well(&group.run(command("little memory")));
    }
}

#[test]
fn too_few_processes_are_an_error() {
    // not even a thread; and in the middle of the workers
    for most in ["3", "6"] {
        if let Some(group) = Group::new("pids", &[("pids.max", most)]) {
            is_well(&group.run(command("few processes")));
        }
    }
    // the limit of a user is none for root
    if !rustix::process::geteuid().is_root() {
        goes_well("no processes");
    }
}

#[test]
fn a_host_that_ignores_its_children_gets_the_same() {
    goes_well("children are nobody's business");
}

#[test]
fn nobody_needs_the_standard_streams() {
    let me = std::env::current_exe().expect("a test has a file");
    let program = format!(
        "{} --exact supervision::surroundings::the_program <&- >&- 2>&-",
        me.to_str().expect("a name in UTF-8")
    );
    let scratch = Scratch::new();
    let done = scratch.file("done");
    let status = Command::new("sh").args(["-c", &program]).env(VARIABLE, "runs").env(DONE, &done).status();
    assert!(status.expect("it can be started").success() && done.exists());
}

#[test]
fn without_proc_the_error_says_so() {
    if let Some(output) = in_namespaces(&["-rm"], "mount -t tmpfs none /proc", &command("runs")) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("/proc is not there"), "{output:?}");
    }
}

#[test]
fn too_little_room_for_named_memory_is_an_error() {
    let setup = "mount -t tmpfs -o size=1m none /dev/shm";
    if let Some(output) = in_namespaces(&["-rm"], setup, &command("little named memory")) {
        is_well(&output);
    }
}

#[test]
fn a_full_disk_leaves_what_had_room() {
    let scratch = Scratch::new();
    let disk = scratch.file("disk");
    fs::create_dir(&disk).expect("there is room");
    let setup = format!("mount -t tmpfs -o size=64k none '{}'", disk.display());
    if let Some(output) = in_namespaces(&["-rm"], &setup, command("full disk").env(DISK, disk)) {
        is_well(&output);
    }
}

#[test]
fn whoever_eats_all_memory_is_named() {
    let limits = [("memory.max", "96M"), ("memory.limit_in_bytes", "96M")];
    if let Some(group) = Group::new("memory", &limits) {
        let group = group.with("memory.swap.max", "0").with("memory.memsw.limit_in_bytes", "96M");
        is_well(&group.run(command("no memory left")));
    }
}

/// The copy is made by another program: nobody starts a file that somebody has open for writing, and other tests start
/// programs all the time.
#[test]
fn a_program_whose_file_was_replaced_replaces_its_workers() {
    let scratch = Scratch::new();
    let copy = scratch.file("copy");
    let me = std::env::current_exe().expect("a test has a file");
    let status = Command::new("cp").args([&me, &copy]).status();
    assert!(status.expect("it can be started").success());
    is_well(&command_of(&copy, "replaced file").output().expect("it can be started"));
    assert_eq!(fs::read_to_string(copy).expect("it is text now"), "another program");
}

/// Writes numbers.
struct Store(File);
impl Sink for Store {
    type In = u64;
    fn consume(&mut self, x: u64) -> conveyor::Result<()> {
        Ok(self.0.write_all(&x.to_le_bytes())?)
    }
}

#[test]
fn a_disk_that_is_full_under_a_sink_is_the_sinks_error() {
    watched("a full disk", PLACE, |place| {
        assert!(Path::new("/dev/full").exists());
        let row = pipeline! {
            <u64 -> ()>;
            sink store = Store(File::options().write(true).open("/dev/full")?);
            processor(|x| x) -> pipe -> store;
        };
        let error = place.of(row).run_to_end(0..100).expect_err("there is no room");
        assert_eq!(
            (error.kind(), error.processor(), error.position()),
            (ErrorKind::Failed, Some("store"), Some(0))
        );
        assert!(error.cause().contains("No space left"), "{error}");
    });
}
