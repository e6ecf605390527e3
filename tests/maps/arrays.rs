//! Shared arrays as items and as outputs.

use crate::{CONTEXTS, workers};
use conveyor::map::{chunks, rows};
use conveyor::{Context, ErrorKind, Map, SharedArray};
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn every_element_has_an_output_of_its_own() {
    let numbers = SharedArray::from_fn(50_000, |x| x as f64).expect("there is memory");
    let mut roots = SharedArray::<f64>::zeros(50_000).expect("there is memory");
    for context in CONTEXTS {
        let workers = workers(context, 3);
        for round in 1..4 {
            let map = Map::over(&numbers).output(&mut roots).with(f64::from(round)).workers(&workers);
            map.run(|job| *job.out = job.with * job.item.sqrt()).expect("it runs");
            let expected = (0..50_000).map(|x| f64::from(round) * f64::from(x).sqrt());
            assert!(roots.as_slice().iter().copied().eq(expected), "{context:?}");
            roots.as_mut_slice().expect("nobody else has it now").fill(0.0);
        }
    }
}

#[test]
fn rows_chunks_and_several_outputs() {
    let table = SharedArray::from_fn([7, 5], |at| at as u32).expect("there is memory");
    let mut doubled = SharedArray::<u32>::zeros([7, 5]).expect("there is memory");
    let mut sums = SharedArray::<u64>::zeros(7).expect("there is memory");
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let map = Map::over(rows(&table)).output((rows(&mut doubled), &mut sums)).workers(&workers);
        map.run(|job| {
            let (doubled, sum) = job.out;
            doubled.iter_mut().zip(job.item).for_each(|(out, x)| *out = 2 * x);
            *sum = job.item.iter().copied().map(u64::from).sum();
        })
        .expect("it runs");
        assert!(doubled.as_slice().iter().copied().eq((0..35).map(|x| 2 * x)));
        assert_eq!(sums.as_slice(), [10, 35, 60, 85, 110, 135, 160]);
        doubled.as_mut_slice().expect("nobody else has it now").fill(0);

        // seven rows are three chunks, the last of a single row
        let map = Map::over(chunks(&table, 3)).output(chunks(&mut doubled, 3)).workers(&workers);
        let lengths = map.run(|job| {
            job.out.copy_from_slice(job.item);
            job.out.len()
        });
        assert_eq!(lengths.expect("it runs").values, [15, 15, 5]);
        assert_eq!(doubled.as_slice(), table.as_slice());
    }
}

#[test]
fn rows_without_elements_are_rows() {
    let table = SharedArray::<u8>::zeros([4, 0]).expect("there is memory");
    for context in CONTEXTS {
        let lengths = Map::over(rows(&table)).context(context).run(|job| job.item.len());
        assert_eq!(lengths.expect("it runs").values, [0; 4]);
    }
}

#[test]
fn an_output_with_other_parts_or_another_holder_is_refused() {
    let mut out = SharedArray::<u8>::zeros(10).expect("there is memory");
    let error = Map::over(0..9_u8).output(&mut out).run(|job| *job.out = job.item).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Array);
    assert!(error.to_string().contains("10 parts for 9 items"), "{error}");
    let other = out.clone();
    let error = Map::over(0..10_u8).output(&mut out).run(|job| *job.out = job.item).unwrap_err();
    assert!(error.to_string().contains("clones of its handle"), "{error}");
    drop(other);
}

#[test]
fn atomics_are_shared_by_reference() {
    let counts = SharedArray::<AtomicU64>::zeros(3).expect("there is memory");
    for context in CONTEXTS {
        let map = Map::over(0..3000_u64).with(counts.clone()).context(context);
        map.run(|job| _ = job.with[[job.index % 3]].fetch_add(1, Ordering::Relaxed)).expect("it runs");
        assert!(counts.as_slice().iter().all(|count| count.swap(0, Ordering::Relaxed) == 1000));
    }
}

#[test]
fn one_pool_serves_many_arrays_and_gives_back_their_memory() {
    let workers = workers(Context::Processes, 2);
    for round in 0..12_u64 {
        let items = SharedArray::full(1000, round).expect("there is memory");
        let mut out = SharedArray::<u64>::zeros(1000).expect("there is memory");
        let map = Map::over(&items).output(&mut out).workers(&workers).share_len(100);
        map.run(|job| *job.out = job.item + job.index as u64).expect("it runs");
        assert!(out.as_slice().iter().copied().eq(round..round + 1000));
    }
    let report = workers.report().expect("nobody waits");
    for lane in report.processor("kernel").expect("it is there").lanes() {
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", lane.pid().expect("it lives")));
        let arrays = maps.expect("it lives").lines().filter(|line| line.contains("memfd:")).count();
        assert!(arrays < 20, "{arrays} segments are mapped");
    }
}

#[test]
fn an_array_made_for_threads_is_no_item_of_a_map_in_processes() {
    let items = SharedArray::<u8>::build(10).context(Context::Threads).zeros().expect("there is memory");
    let sum = |context| {
        Map::over(&items).context(context).fold(0, |sum, job| *sum += job.item).reduce(|a, b| a + b)
    };
    assert_eq!(sum(Context::Threads).expect("it runs").value, 0);
    let error = sum(Context::Processes).unwrap_err();
    assert!(error.to_string().contains("was made for threads"), "{error}");
}
