//! Pipelines that are closed by sources or sinks of their own.

use super::parts::{Affine, Numbers, Odd, Store};
use crate::harness::{Place, Scratch, numbers_in, sorted};
use conveyor::{ErrorKind, Pipeline, pipeline};
use std::path::PathBuf;

in_every_context! { sources_and_sinks several_closed_ends_in_one_graph alone a_source_among_workers_is_refused }

const COUNT: u64 = 3000;

pipeline! {
    /// Closed at both ends, by others: its header says so by saying nothing.
    pub Whole(count: u64, file: PathBuf);
    pipeline numbers = Numbers(*count);
    pipeline store = Store(file.clone());
    numbers -> pipe -> store;
}

fn sources_and_sinks(place: Place) {
    let scratch = Scratch::new();
    let (file, other) = (scratch.file("all"), scratch.file("other"));
    place.of(Whole::pipeline(COUNT, file.clone())).run_to_end(()).expect("the run succeeds");
    assert_eq!(numbers_in(&file), (0..COUNT).collect::<Vec<_>>());

    let from =
        pipeline! { <() -> u64>; pipeline numbers = Numbers(5); numbers -> pipe -> processor(|x| x + 1); };
    assert_eq!(place.all(from), [1, 2, 3, 4, 5]);
    // without a header, the pipeline inside says it
    let from: Pipeline<(), u64> =
        pipeline! { pipeline numbers = Numbers(5); numbers -> pipe -> processor(|x| x + 1); };
    assert_eq!(place.all(from), [1, 2, 3, 4, 5]);
    let into: Pipeline<u64, ()> = pipeline! {
        (other: PathBuf = other.clone());
        pipeline row = Affine(2, 0);
        pipeline store = Store(other.clone());
        row -> pipe -> store;
    };
    place.of(into).run_to_end(0..COUNT).expect("the run succeeds");
    assert_eq!(numbers_in(&other), (0..COUNT).map(|x| x * 2).collect::<Vec<_>>());
}

fn several_closed_ends_in_one_graph(place: Place) {
    let scratch = Scratch::new();
    let (odd, all) = (scratch.file("odd"), scratch.file("all"));
    let graph = pipeline! {
        <u64 -> u64>(odd: PathBuf, all: PathBuf);
        pipeline more = Numbers(10);
        pipeline few = Numbers(3);
        pipeline leave_out = Odd;
        pipeline store_odd = Store(odd.clone());
        pipeline store_all = Store(all.clone());
        join merge every;
        replicated fork split;

        processor(|x| x) -> pipe -> every;
        more -> pipe -> every;
        few -> pipe -> every;
        every -> pipe -> split;
        split -> leave_out -> pipe -> store_odd;
        split -> store_all;
        split -> processor(|x| x);
    };
    let (file_of_odd, file_of_all) = (scratch.file("odd"), scratch.file("all"));
    let expected = sorted((0..COUNT).chain(0..10).chain(0..3));
    assert_eq!(sorted(place.outputs(graph, 0..COUNT)), expected);
    assert_eq!(sorted(numbers_in(&file_of_all)), expected);
    let odd: Vec<u64> = expected.into_iter().filter(|x| x % 2 == 1).collect();
    assert_eq!(sorted(numbers_in(&file_of_odd)), odd);
}

fn alone(place: Place) {
    let both_ends: Pipeline<u64, u64> = pipeline! { pipeline row = Affine(3, 1); row; };
    assert_eq!(place.outputs(both_ends, 0..5), [1, 4, 7, 10, 13]);
    let source: Pipeline<(), u64> = pipeline! { <() -> u64>; pipeline numbers = Numbers(3); numbers; };
    assert_eq!(place.all(source), [0, 1, 2]);
    let scratch = Scratch::new();
    let file = scratch.file("all");
    let closed: Pipeline<(), ()> =
        pipeline! { (file: PathBuf); pipeline whole = Whole(4, file.clone()); whole; };
    place.of(closed).run_to_end(()).expect("the run succeeds");
    assert_eq!(numbers_in(&scratch.file("all")), [0, 1, 2, 3]);
}

pipeline! {
    /// Takes numbers, and adds some of its own.
    Mixed<u64 -> u64>;
    source own = 0..3_u64;
    join merge all;
    processor(|x| x) -> pipe -> all;
    own -> pipe -> all;
}

fn a_source_among_workers_is_refused(place: Place) {
    let outside = pipeline! { <u64 -> u64>; pipeline mixed = Mixed; mixed -> pipe -> processor(|x| x); };
    assert_eq!(sorted(place.outputs(outside, 10..13)), [0, 1, 2, 10, 11, 12]);
    let inside = pipeline! {
        <u64 -> u64>;
        pipeline mixed = Mixed;
        processor(|x| x) -> pipe -> balanced fork(2) { mixed } -> pipe -> join merge;
    };
    let error = place.of(inside).start().map(drop).expect_err("two workers would give everything twice");
    assert_eq!(error.kind(), ErrorKind::Start, "{error}");
    assert!(error.to_string().contains("`mixed/own`: CV008"), "{error}");
}
