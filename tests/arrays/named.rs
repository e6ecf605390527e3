//! Arrays that other programs find by their names. The other program is this test, started again.

use crate::harness::{Place, watched};
use conveyor::array::Order;
use conveyor::{Backend, Context, ErrorKind, Fuse, SharedArray, pipeline};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const PLACE: Place = Place(Context::Processes, Backend::Memfd, Fuse::None);

pub(super) fn new_name(what: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("arrays-{what}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn file(name: &str) -> PathBuf {
    Path::new("/dev/shm").join(name)
}

#[test]
fn two_handles_by_name_are_the_same_memory() {
    let name = new_name("same");
    let counts = SharedArray::<AtomicU64>::build([2, 3]).name(&name).zeros().expect("the name is free");
    // SAFETY: these are atomics.
    let same =
        unsafe { SharedArray::<AtomicU64>::attach(&name, [2, 3], Order::RowMajor) }.expect("it is there");
    same[[1, 2]].store(7, Ordering::Relaxed);
    assert_eq!(counts[[1, 2]].load(Ordering::Relaxed), 7);
    drop(same);
    assert!(file(&name).exists(), "who attaches does not remove");
    drop(counts);
    assert!(!file(&name).exists());
}

#[test]
fn what_is_attached_is_a_parameter_like_any_other() {
    watched("attached", PLACE, |place| {
        let name = new_name("parameter");
        let counts = SharedArray::<AtomicU64>::build(4).name(&name).zeros().expect("the name is free");
        // SAFETY: these are atomics.
        let same =
            unsafe { SharedArray::<AtomicU64>::attach(&name, 4, Order::RowMajor) }.expect("it is there");
        let count = pipeline! {
            <u64 -> ()>(counts: SharedArray<AtomicU64> = same);
            sink(|x: u64| _ = counts[[x as usize % 4]].fetch_add(1, Ordering::Relaxed))
        };
        place.of(count).run_to_end(0..400).expect("the run succeeds");
        assert!(counts.as_slice().iter().all(|count| count.load(Ordering::Relaxed) == 100));
    });
}

/// Workers, those that replace others too, find what was attached, and not what is called so now.
#[test]
fn its_maker_may_take_the_name_away_before_the_run_starts() {
    watched("a name that is gone", PLACE, |place| {
        let name = new_name("gone");
        let numbers = |first: u64| (first..first + 1000).flat_map(u64::to_ne_bytes).collect::<Vec<u8>>();
        std::fs::write(file(&name), numbers(5)).expect("there is room");
        // SAFETY: nobody writes it any more.
        let table = unsafe { SharedArray::<u64>::attach(&name, 1000, Order::RowMajor) }.expect("it is there");
        std::fs::remove_file(file(&name)).expect("it is there");
        std::fs::write(file(&name), numbers(7)).expect("there is room");
        let died = SharedArray::<AtomicBool>::zeros(1).expect("there is memory");
        let lookup = pipeline! {
            <u64 -> u64>(table: SharedArray<u64> = table, died: SharedArray<AtomicBool> = died.clone());
            processor(|i: u64| {
                if i == 500 && !died[[0]].swap(true, Ordering::Relaxed) {
                    std::process::abort();
                }
                table[[i as usize]]
            })
        };
        let found = place.outputs(lookup, 0..1000);
        std::fs::remove_file(file(&name)).expect("it is there");
        assert_eq!(found, (5..1005).collect::<Vec<u64>>());
        assert!(died[[0]].load(Ordering::Relaxed), "a worker was replaced");
    });
}

/// Why an array of so many numbers cannot be attached to.
fn refusal(name: &str, numbers: usize) -> String {
    // SAFETY: it is not attached.
    let error =
        unsafe { SharedArray::<u64>::attach(name, numbers, Order::RowMajor) }.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Array);
    error.to_string()
}

#[test]
fn what_is_not_there_or_does_not_fit_is_refused() {
    let name = new_name("refused");
    let error = refusal(&name, 10);
    assert!(error.contains(&name) && error.contains("there is none of this name"), "{error}");
    let _array = SharedArray::<u64>::build(1000).name(&name).zeros().expect("the name is free");
    for numbers in [999, 100_000, usize::MAX] {
        let error = refusal(&name, numbers);
        assert!(error.contains("has 8000 bytes, and an array of this shape and type has"), "{error}");
    }
    std::fs::write(file(&format!("{name}-empty")), "").expect("there is room");
    let error = refusal(&format!("{name}-empty"), 0);
    std::fs::remove_file(file(&format!("{name}-empty"))).expect("it is there");
    assert!(error.contains("has not sized it yet"), "{error}");
}

#[test]
fn a_name_is_taken_once() {
    let name = new_name("taken");
    let first = SharedArray::<u64>::build(10).name(&name).full(5).expect("the name is free");
    let error = SharedArray::<u64>::build(10).name(&name).zeros().expect_err("the name is taken");
    assert_eq!(error.kind(), ErrorKind::Array);
    assert!(error.to_string().contains("attach to it, choose another name"), "{error}");
    assert_eq!(first.as_slice(), [5; 10]);
    drop(first);
    SharedArray::<u64>::build(10).name(&name).zeros().expect("the name is free again");
}

/// What belongs to somebody else is not removed, neither with an array nor for one.
#[test]
fn files_of_others_stay() {
    let name = new_name("others");
    std::fs::write(file(&name), "somebody else's").expect("there is room");
    SharedArray::<u64>::build(10).name(&name).zeros().expect_err("the name is taken");
    std::fs::remove_file(file(&name)).expect("it is still there");
    let array = SharedArray::<u64>::build(10).name(&name).zeros().expect("the name is free");
    std::fs::remove_file(file(&name)).expect("it is there");
    std::fs::write(file(&name), "somebody else's").expect("there is room");
    drop(array);
    let text = std::fs::read_to_string(file(&name)).expect("it is still there");
    std::fs::remove_file(file(&name)).expect("it is still there");
    assert_eq!(text, "somebody else's");
}

#[test]
fn names_that_cannot_be() {
    for name in ["", "a/b", ".", "..", "conveyor-1-2", "a\0b", &"x".repeat(256)] {
        let error = SharedArray::<u64>::build(10).name(name).zeros().expect_err("it cannot be a name");
        assert!(error.to_string().contains("cannot be called"), "{error}");
        assert!(refusal(name, 10).contains("cannot be called"));
    }
}

const OWNER: &str = "CONVEYOR_TEST_OWNER";

/// What the started program does; an ordinary test otherwise.
#[test]
fn an_owner() {
    let Ok(name) = std::env::var(OWNER) else { return };
    let array = SharedArray::<u64>::build(1000).name(&name).full(9).expect("the name is free");
    println!("\nit is there");
    // it ends when it is killed
    std::io::stdin().lines().for_each(drop);
    drop(array);
}

fn start_an_owner(name: &str) -> Child {
    let me = std::env::current_exe().expect("a test has a file");
    let mut owner = Command::new(me)
        .args(["--exact", "arrays::named::an_owner", "--nocapture"])
        .env(OWNER, name)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be started");
    let output = BufReader::new(owner.stdout.take().expect("it is piped"));
    let mut lines = output.lines().map(|line| line.expect("it is text"));
    assert!(lines.any(|line| line == "it is there"), "it ended early");
    owner
}

#[test]
fn what_a_killed_owner_has_left_is_swept() {
    watched("a killed owner", PLACE, |_| {
        let name = new_name("killed");
        let mut owner = start_an_owner(&name);
        SharedArray::<u64>::build(10).name(&name).zeros().expect_err("its owner lives");
        // SAFETY: nobody writes it any more.
        let attached =
            unsafe { SharedArray::<u64>::attach(&name, 1000, Order::RowMajor) }.expect("it is there");
        owner.kill().expect("it has not ended");
        owner.wait().expect("it was started here");
        // still there, unless a program that starts meanwhile has swept it
        let array = SharedArray::<u64>::build(10).name(&name).zeros().expect("the name is free again");
        assert_eq!(array.as_slice(), [0; 10]);
        assert_eq!(attached.as_slice(), [9; 1000], "who is attached keeps what is there");
    });
}
