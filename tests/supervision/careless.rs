//! Careless neighbours: a worker that writes over all of the run's memory that it can write, and one that would take it
//! away. Nobody else breaks down, and nobody hangs.

use super::victim::{PLACE, kill};
use crate::harness::{Place, watched};
use conveyor::{Error, ErrorKind, Pipeline, pipeline};
use rustix::fs::{FallocateFlags, fallocate};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

const MESSAGES: u64 = 1000;
/// Here it happens.
const AT: u64 = 300;

/// What is written over everything.
#[derive(Clone, Copy, Debug)]
enum With {
    Zeros,
    Ones,
    Anything,
}

/// What becomes of the worker after that.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    GoesOn,
    Dies,
}

/// A number; what is to be written over everything, and whether to die then.
type Order = (u64, Option<u64>, bool);

/// The run's memory, as this process has mapped it: start, length, and whether it may be written.
fn mappings() -> Vec<(usize, usize, bool)> {
    let maps = fs::read_to_string("/proc/self/maps").expect("the system lists it");
    let shared = maps.lines().filter(|line| line.contains("conveyor") && line.contains("s 0"));
    let parsed = shared.map(|line| {
        let (range, rest) = line.split_once(' ').expect("a range and its rights");
        let (start, end) = range.split_once('-').expect("two addresses");
        let [start, end] = [start, end].map(|at| usize::from_str_radix(at, 16).expect("an address"));
        (start, end - start, rest.starts_with("rw"))
    });
    parsed.filter(|(_, len, _)| *len > 0).collect()
}

/// What of it may be written: start and length.
fn writable() -> impl Iterator<Item = (usize, usize)> {
    mappings().into_iter().filter(|(.., is_writable)| *is_writable).map(|(start, len, _)| (start, len))
}

fn scribble(with: With) {
    let mut number = 88_172_645_463_325_252_u64;
    for (start, len) in writable() {
        for word in 0..len / 8 {
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
            let value = match with {
                With::Zeros => 0,
                With::Ones => u64::MAX,
                With::Anything => number,
            };
            // SAFETY: there is none: this is what careless code does. The page is mapped, and may be written.
            unsafe { std::ptr::with_exposed_provenance_mut::<u64>(start).add(word).write_volatile(value) };
        }
    }
}

/// Its neighbours have plain messages and texts, claims, tags, and an ordered join.
fn graph() -> Pipeline<Order, u64> {
    pipeline! {
        <Order -> u64>;
        processor careless = |(x, with, dies): Order| {
            if let Some(with) = with {
                scribble([With::Zeros, With::Ones, With::Anything][with as usize]);
            }
            if dies {
                kill(std::process::id());
            }
            x
        };
        processor text = |x: u64| x.to_string();
        processor length = |text: &str| text.len() as u64;
        processor(|order: Order| order) -> pipe(16) -> careless -> pipe(16) -> replicated fork {
            text -> pipe(16) -> balanced fork(2) { length } -> pipe(16) -> join ordered,
            processor(|x| x),
        } -> pipe(16) -> join zip -> processor(|(_, x): (u64, u64)| x)
    }
}

fn outcome(place: Place, with: With, then: Then) -> Result<Vec<u64>, Error> {
    let order = |x| if x == AT { (x, Some(with as u64), then == Then::Dies) } else { (x, None, false) };
    place.of(graph()).run((0..MESSAGES).map(order)).collect()
}

#[test]
fn who_writes_over_everything_brings_nobody_else_down() {
    watched("scribbling", PLACE, |place| {
        for with in [With::Zeros, With::Ones, With::Anything] {
            for then in [Then::GoesOn, Then::Dies] {
                let error = outcome(place, with, then).expect_err("positions and claims are gone");
                let is_refused =
                    error.kind() == ErrorKind::Damaged && error.cause().contains("shared memory");
                // or what it had in its hands was looked at first
                assert!(is_refused || error.processor() == Some("careless"), "{with:?}, {then:?}: {error}");
            }
        }
    });
}

/// Behind what everybody writes comes what a lane alone writes, and that begins with its record.
fn scribble_over_own_record() {
    let (record, _) = writable().nth(1).expect("a lane has a record");
    for word in 0..8 {
        // SAFETY: as above.
        unsafe { std::ptr::with_exposed_provenance_mut::<u64>(record).add(word).write_volatile(u64::MAX) };
    }
}

/// Whoever finds out is at one end of a pipe, and the culprit at the other.
#[test]
fn who_writes_over_its_own_record_is_named() {
    watched("its own record", PLACE, |place| {
        for then in [Then::GoesOn, Then::Dies] {
            let row = pipeline! {
                <u64 -> u64>(dies: bool = then == Then::Dies);
                processor first = |x: u64| x;
                processor careless = |x: u64| {
                    if x == AT {
                        scribble_over_own_record();
                        if *dies {
                            kill(std::process::id());
                        }
                        loop {
                            std::thread::park(); // its next commit would be right again
                        }
                    }
                    x
                };
                processor last = |x: u64| x;
                first -> pipe(16) -> careless -> pipe(16) -> last;
            };
            let error = place.error(row, 0..MESSAGES);
            assert_eq!(error.kind(), ErrorKind::Damaged, "{then:?}: {error}");
            let pipes = ["from `first` to `careless` cannot be", "from `careless` to `last` cannot be"];
            assert!(pipes.iter().any(|pipe| error.cause().contains(pipe)), "{then:?}: {error}");
        }
    });
}

#[test]
fn who_writes_where_others_write_ends_alone() {
    watched("read-only", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor careless = |x: u64| {
                if x == AT {
                    let (start, ..) = mappings().into_iter().find(|(.., is_writable)| !is_writable).expect("the head");
                    // SAFETY: there is none: the page is mapped, and may not be written.
                    unsafe { std::ptr::with_exposed_provenance_mut::<u64>(start).write_volatile(0) };
                }
                x
            };
            processor(|x| x) -> pipe -> careless -> pipe -> processor(|x| x);
        };
        let error = place.error(row, 0..MESSAGES);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(11), Some("careless")), "{error}");
        assert_eq!(error.position(), Some(AT), "{error}");
    });
}

/// The run's memory as a file, which any process of the same user can open. The parent may have that of other runs, too.
fn memory_as_a_file() -> File {
    let maps = fs::read_to_string("/proc/self/maps").expect("the system lists it");
    let own = maps.lines().find(|line| line.contains("memfd:conveyor")).expect("it is mapped");
    let inode = own.split_whitespace().nth(4).and_then(|inode| inode.parse::<u64>().ok());
    let parent = std::os::unix::process::parent_id();
    let files = fs::read_dir(format!("/proc/{parent}/fd")).expect("the system lists it").flatten();
    let is_own = |path: &PathBuf| {
        let is_memory =
            fs::read_link(path).is_ok_and(|name| name.to_string_lossy().contains("memfd:conveyor"));
        is_memory && fs::metadata(path).is_ok_and(|file| Some(file.ino()) == inode)
    };
    let memory = files.map(|file| file.path()).find(is_own).expect("the owner keeps it open");
    File::options().write(true).open(memory).expect("it is the same user's")
}

#[test]
fn the_memory_cannot_be_taken_away() {
    watched("truncating", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor taking = |x: u64| {
                let file = memory_as_a_file();
                assert!(file.set_len(0).is_err() && file.set_len(1 << 40).is_err());
                x + 1
            };
            processor(|x| x) -> pipe -> taking -> pipe -> processor(|x| x);
        };
        assert_eq!(place.outputs(row, 0..10), (1..11).collect::<Vec<_>>());
    });
}

/// That no seal forbids: everybody finds zeros then, which is as if everything had been written over.
#[test]
fn who_empties_the_memory_brings_nobody_else_down() {
    watched("a hole", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor first = |x: u64| x;
            processor careless = |x: u64| {
                if x == AT {
                    let file = memory_as_a_file();
                    let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
                    let len = file.metadata().expect("it is open").len();
                    fallocate(&file, hole, 0, len).expect("nothing forbids it");
                    loop {
                        std::thread::park(); // its next commit would be right again
                    }
                }
                x
            };
            first -> pipe(16) -> careless -> pipe(16) -> processor(|x| x);
        };
        let error = place.error(row, 0..MESSAGES);
        assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
        assert!(error.cause().contains("damaged shared memory: what stands there about the pipe"), "{error}");
    });
}
