//! Arrays as parameters of pipelines.

use crate::harness::Place;
use conveyor::{SharedArray, pipeline};
use std::sync::atomic::{AtomicU64, Ordering};

in_every_context! { a_table_is_read counts_are_exact who_lends_does_not_write }

fn a_table_is_read(place: Place) {
    let table = SharedArray::from_fn([100, 10], |i| i as f64 / 2.0).expect("there is memory");
    let lookup = pipeline! {
        <u64 -> f64>(table: SharedArray<f64> = table.clone());
        processor(|i: u64| table[[i as usize / 10, i as usize % 10]]) -> pipe
            -> balanced fork(2) { processor(|x: f64| x + table.as_slice()[1]) } -> pipe -> join ordered
    };
    let found = place.outputs(lookup, 0..1000);
    assert_eq!(found, (0..1000).map(|i| f64::from(i) / 2.0 + 0.5).collect::<Vec<_>>());
}

fn counts_are_exact(place: Place) {
    let counts = SharedArray::<AtomicU64>::zeros(10).expect("there is memory");
    let count = pipeline! {
        <u64 -> ()>(counts: SharedArray<AtomicU64> = counts.clone());
        processor(|x| x) -> pipe -> balanced fork(2) {
            sink(|x: u64| _ = counts[[x as usize % 10]].fetch_add(x, Ordering::Relaxed))
        }
    };
    place.of(count).run_to_end(0..100_000).expect("the run succeeds");
    let sums: Vec<u64> = counts.as_slice().iter().map(|count| count.load(Ordering::Relaxed)).collect();
    assert_eq!(sums, (0..10).map(|digit| (0..10_000).map(|x| x * 10 + digit).sum()).collect::<Vec<u64>>());
}

fn who_lends_does_not_write(place: Place) {
    let mut table = SharedArray::full(10, 1_u64).expect("there is memory");
    let lookup = pipeline! {
        <u64 -> u64>(table: SharedArray<u64> = table.clone());
        processor(|i| table.as_slice()[i as usize])
    };
    let lookup = place.of(lookup);
    let error = table.as_mut_slice().expect_err("the pipeline has it").to_string();
    assert!(error.contains("while it is the parameter of a pipeline"), "{error}");
    let mut run = lookup.run([5]);
    drop(lookup);
    assert!(table.as_mut_slice().is_err(), "the run has it");
    assert_eq!(run.next().expect("one comes out").expect("the run succeeds"), 1);
    drop(run);
    table.as_mut_slice().expect("nobody else has it")[5] = 7;
    assert_eq!(table.as_slice()[5], 7);
}
