//! Full pipes around forks and joins: what was dropped leaves a hole that its join knows of, and chunks return.

use super::{COUNT, all, conserved, slow};
use crate::conformance::elements::ToFile;
use crate::harness::{Place, Scratch, numbers_in, sorted};
use conveyor::{Chunk, Pipeline, Pool, Result, Source, pipeline};
use std::path::PathBuf;

in_every_context! {
    a_zip_leaves_out_whole_tuples two_branches_of_a_zip_drop a_pipe_in_front_of_a_zip
    an_ordered_region_leaves_out_positions a_pipe_in_front_of_a_balanced_fork regions_in_regions
    both_branches_of_a_fork_miss_the_newest each_branch_of_a_fork_misses_its_oldest
    chunks_of_dropped_messages_return
}

/// Every tuple has the parts of one input; each dropped message has cost one tuple at most.
fn pairs(place: Place, pipeline: Pipeline<(), (u64, u64)>, each_costs_one: bool) {
    let (outputs, report) = all(place, pipeline);
    assert!(outputs.iter().all(|(one, other)| one == other), "{outputs:?}");
    assert!(outputs.is_sorted_by(|one, next| one.0 < next.0), "{outputs:?}");
    let lost = COUNT - outputs.len() as u64;
    match each_costs_one {
        true => assert_eq!(lost, report.dropped()),
        false => assert!(lost <= report.dropped() && 2 * lost >= report.dropped(), "{lost} {report}"),
    }
}

fn a_zip_leaves_out_whole_tuples(place: Place) {
    for capacity in [1, 2, 7] {
        for_both!(|row| pairs(place, row, true), $when_full: pipeline! {
            <() -> (u64, u64)>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe -> replicated fork {
                processor(|x| x) -> pipe(capacity) [when_full = $when_full] -> processor(slow),
                processor(|x| x),
            } -> pipe(2) -> join zip
        });
        for_both!(|row| pairs(place, row, true), $when_full: pipeline! {
            <() -> (u64, u64)>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe(3) -> replicated fork {
                pipe, processor(|x| x) -> pipe(capacity) [when_full = $when_full]
            } -> join zip -> processor(|pair: (u64, u64)| (slow(pair.0), pair.1))
        });
    }
}

fn two_branches_of_a_zip_drop(place: Place) {
    for_both!(|row| pairs(place, row, false), $when_full: pipeline! {
        <() -> (u64, u64)>;
        source((0..COUNT).map(slow)) -> pipe -> replicated fork {
            processor(|x| x) -> pipe(1) [when_full = $when_full] -> processor(slow),
            processor(|x| x) -> pipe(2) [when_full = $when_full] -> processor(slow),
        } -> pipe -> join zip
    });
}

fn a_pipe_in_front_of_a_zip(place: Place) {
    let newest = pipeline! {
        <() -> (u64, u64)>;
        source((0..COUNT).map(slow)) -> pipe(2) [when_full = drop_newest] -> replicated fork {
            processor(slow), pipe
        } -> pipe -> join zip
    };
    pairs(place, newest, true);
    // each reader skips for itself
    let oldest = pipeline! {
        <() -> (u64, u64)>;
        source((0..COUNT).map(slow)) -> pipe(2) [when_full = drop_oldest] -> replicated fork {
            processor(slow), processor(|x| x)
        } -> pipe -> join zip
    };
    pairs(place, oldest, false);
    // one of them is the join itself
    let bare = pipeline! {
        <() -> (u64, u64)>;
        source((0..COUNT).map(slow)) -> pipe(2) [when_full = drop_oldest] -> replicated fork {
            processor(slow), pipe
        } -> pipe -> join zip
    };
    pairs(place, bare, false);
}

fn an_ordered_region_leaves_out_positions(place: Place) {
    for capacity in [1, 3] {
        for_both!(|row| conserved(place, row), $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe -> balanced fork(3) {
                processor(|x| x) -> pipe(capacity) [when_full = $when_full] -> processor(slow)
            } -> pipe -> join ordered
        });
        for_both!(|row| conserved(place, row), $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe -> balanced fork(3) { processor(|x| x) }
                -> pipe(capacity) [when_full = $when_full] -> join ordered -> processor(slow)
        });
        for_both!(|row| conserved(place, row), $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source(0..COUNT / 3) -> pipe -> balanced fork(2) { flat_map(|x| [3 * x, 3 * x + 1, 3 * x + 2]) }
                -> pipe(capacity) [when_full = $when_full] -> join ordered -> processor(slow)
        });
    }
}

fn a_pipe_in_front_of_a_balanced_fork(place: Place) {
    for capacity in [1, 4] {
        for_both!(|row| conserved(place, row), $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe(capacity) [when_full = $when_full] -> balanced fork(3) { processor(slow) }
                -> pipe -> join ordered
        });
        for_both!(|farm| {
            let (outputs, report) = all(place, farm);
            let outputs = sorted::<u64>(outputs);
            assert!(outputs.is_sorted_by(|one, next| one < next));
            assert_eq!(outputs.len() as u64 + report.dropped(), COUNT);
        }, $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe(capacity) [when_full = $when_full] -> balanced fork(3) { processor(slow) }
                -> pipe -> join merge
        });
    }
}

fn regions_in_regions(place: Place) {
    for_both!(|row| pairs(place, row, true), $when_full: pipeline! {
        <() -> (u64, u64)>;
        source((0..COUNT).map(slow)) -> pipe -> balanced fork(2) {
            pipe -> replicated fork {
                processor(|x| x) -> pipe(1) [when_full = $when_full] -> processor(slow),
                processor(|x| x),
            } -> pipe -> join zip -> processor(|pair: (u64, u64)| pair)
        } -> pipe -> join ordered
    });
    for_both!(|row| pairs(place, row, true), $when_full: pipeline! {
        <() -> (u64, u64)>;
        source((0..COUNT).map(slow)) -> pipe -> replicated fork {
            pipe -> balanced fork(2) {
                processor(|x| x) -> pipe(1) [when_full = $when_full] -> processor(slow)
            } -> pipe -> join ordered -> processor(|x| x),
            processor(|x| x),
        } -> pipe(5) -> join zip
    });
    for_both!(|row: Pipeline<(), ((u64, u64), u64)>| {
        let (outputs, report) = all(place, row);
        assert!(outputs.iter().all(|((a, b), c)| a == b && b == c));
        assert_eq!(outputs.len() as u64 + report.dropped(), COUNT);
    }, $when_full: pipeline! {
        <() -> ((u64, u64), u64)>;
        source((0..COUNT).map(slow)) -> pipe -> replicated fork {
            pipe -> replicated fork {
                processor(|x| x) -> pipe(2) [when_full = $when_full] -> processor(slow), pipe
            } -> pipe -> join zip -> processor(|pair: (u64, u64)| pair),
            processor(|x| x),
        } -> pipe -> join zip
    });
}

fn both_branches_of_a_fork_miss_the_newest(place: Place) {
    let scratch = Scratch::new();
    let (one, other) = (scratch.file("one"), scratch.file("other"));
    let fork = pipeline! {
        <() -> ()>(one: PathBuf = one.clone(), other: PathBuf = other.clone());
        source((0..COUNT).map(slow)) -> pipe(2) [when_full = drop_newest] -> replicated fork {
            sink(ToFile::create(one)?), processor(slow) -> pipe -> sink(ToFile::create(other)?)
        }
    };
    let report = place.of(fork).run_to_end(()).expect("the run succeeds");
    let numbers = numbers_in(&one);
    assert_eq!(numbers, numbers_in(&other));
    assert_eq!(numbers.len() as u64 + report.dropped(), COUNT);
}

fn each_branch_of_a_fork_misses_its_oldest(place: Place) {
    let scratch = Scratch::new();
    let (one, other) = (scratch.file("one"), scratch.file("other"));
    let fork = pipeline! {
        <() -> ()>(one: PathBuf = one.clone(), other: PathBuf = other.clone());
        source((0..COUNT).map(slow)) -> pipe(2) [when_full = drop_oldest] -> replicated fork {
            sink(ToFile::create(one)?), processor(slow) -> pipe -> sink(ToFile::create(other)?)
        }
    };
    let report = place.of(fork).run_to_end(()).expect("the run succeeds");
    let (one, other) = (numbers_in(&one), numbers_in(&other));
    assert!(one.is_sorted_by(|a, b| a < b) && other.is_sorted_by(|a, b| a < b));
    assert_eq!(
        (one.last(), other.last()),
        (Some(&(COUNT - 1)), Some(&(COUNT - 1))),
        "the newest is never too old"
    );
    assert_eq!((one.len() + other.len()) as u64 + report.dropped(), 2 * COUNT);
}

/// Gives chunks that hold their number.
struct Frames {
    pool: Pool<u64>,
    numbers: std::ops::Range<u64>,
}

fn frames(pool: &Pool<u64>, count: u64) -> Frames {
    Frames { pool: pool.clone(), numbers: 0..count }
}

impl Source for Frames {
    type Out = Chunk<u64>;
    fn next(&mut self) -> Result<Option<Chunk<u64>>> {
        let Some(number) = self.numbers.next() else { return Ok(None) };
        let mut chunk = self.pool.take()?;
        chunk[0] = number;
        Ok(Some(chunk))
    }
}

fn number(chunk: &[u64]) -> u64 {
    slow(chunk[0])
}

fn chunks_of_dropped_messages_return(place: Place) {
    // slots are free, but not the bytes
    let wide = pipeline! {
        <() -> u64>;
        pool few(3) of [u64; 16];
        source(frames(few, COUNT)) -> pipe -> processor(|chunk: Chunk<u64>| (vec![1_u8; 3000], chunk))
            -> pipe(8) [when_full = drop_newest, limit_bytes = 4096]
            -> processor(|(_, chunk): (Vec<u8>, Chunk<u64>)| number(&chunk))
    };
    conserved(place, wide);
    for_both!(|row| conserved(place, row), $when_full: pipeline! {
        <() -> u64>;
        pool few(3) of [u64; 16];
        source(frames(few, COUNT)) -> pipe(1) [when_full = $when_full] -> processor(|chunk: &[u64]| number(chunk))
    });
    for_both!(|row| conserved(place, row), $when_full: pipeline! {
        <() -> u64>;
        pool few(4) of [u64; 16];
        source(frames(few, COUNT)) -> pipe -> processor(|chunk: Chunk<u64>| chunk)
            -> pipe(1) [when_full = $when_full] -> balanced fork(2) { processor(|chunk: &[u64]| number(chunk)) } -> pipe -> join ordered
    });
    for_both!(|row| pairs(place, row, true), $when_full: pipeline! {
        <() -> (u64, u64)>;
        pool few(6) of [u64; 16];
        source(frames(few, COUNT)) -> pipe -> replicated fork {
            processor(|chunk: Chunk<u64>| chunk) -> pipe(1) [when_full = $when_full],
            processor(|chunk: Chunk<u64>| chunk) -> pipe,
        } -> join zip -> processor(|(one, other): (Chunk<u64>, Chunk<u64>)| (number(&one), other[0]))
    });
}
