//! Shared arrays as items and as outputs.

use crate::{CONTEXTS, workers};
use conveyor::array::Order;
use conveyor::map::{axis, chunks, per_worker, rows};
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

#[test]
fn parts_along_any_axis() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for order in [Order::RowMajor, Order::ColumnMajor] {
            let cube = SharedArray::build([3, 4, 5]).order(order).from_fn(|at| at as u64);
            let cube = cube.expect("there is memory");
            for along in 0..3 {
                let mut copy = SharedArray::<u64>::zeros_like(&cube).expect("there is memory");
                let map = Map::over(axis(&cube, along)).output(axis(&mut copy, along)).workers(&workers);
                let sums = map.run(|mut job| {
                    job.out.iter_mut().zip(job.item.iter()).for_each(|(out, item)| *out = item + 1);
                    job.item.iter().sum::<u64>()
                });
                let sums = sums.expect("it runs").values;
                assert_eq!(sums.len(), cube.shape()[along]);
                assert_eq!(sums.iter().sum::<u64>(), 60 * 59 / 2, "{context:?} {order:?} {along}");
                assert!(copy.as_slice().iter().copied().eq(1..61), "{context:?} {order:?} {along}");

                // two at a time, the last one perhaps alone
                let map = Map::over(axis(&cube, along).chunks(2)).output(axis(&mut copy, along).chunks(2));
                let lengths = map.with(along).workers(&workers).run(|mut job| {
                    job.out.iter_mut().for_each(|out| *out = job.index as u64);
                    job.item.shape()[*job.with]
                });
                let lengths = lengths.expect("it runs").values;
                assert_eq!(lengths, [[2, 1, 0], [2, 2, 0], [2, 2, 1]][along][..lengths.len()]);
                for at in 0..cube.shape()[along] {
                    let mut index = [1; 3];
                    index[along] = at;
                    assert_eq!(copy[index], at as u64 / 2);
                }
            }
        }
    }
}

#[test]
fn an_axis_that_is_not_there_or_empty() {
    let table = SharedArray::<u8>::zeros([3, 0]).expect("there is memory");
    for context in CONTEXTS {
        let lengths = |along| Map::over(axis(&table, along)).context(context).run(|job| job.item.len());
        assert_eq!(lengths(0).expect("it runs").values, [0; 3]);
        assert!(lengths(1).expect("it runs").values.is_empty());
    }
    // before there is a map
    let panic = std::panic::catch_unwind(|| axis(&table, 2)).unwrap_err();
    let text = panic.downcast_ref::<String>().expect("it says something");
    assert_eq!(text, "an array of shape [3, 0] has no axis 2");
}

#[test]
fn each_worker_has_a_part_of_its_own() {
    for context in CONTEXTS {
        let workers = workers(context, 3);
        let mut counts = SharedArray::<u64>::per_worker(3, 10).expect("there is memory");
        for round in 1..4 {
            let map = Map::over(0..10_000_u64).output(per_worker(&mut counts)).workers(&workers);
            map.run(|job| job.out[(job.item % 10) as usize] += 1).expect("it runs");
            let total = |bin: usize| counts.parts().map(|own| own[bin]).sum::<u64>();
            assert!((0..10).all(|bin| total(bin) == 1000 * round), "{context:?}");
        }
    }
    let workers = workers(Context::Threads, 2);
    let mut counts = SharedArray::<u64>::per_worker(workers.number() - 1, 10).expect("there is memory");
    let map = Map::over(0..10_u64).output(per_worker(&mut counts)).workers(&workers);
    if workers.number() > 1 {
        let error = map.run(|job| job.out[0] += job.item).unwrap_err();
        assert!(error.to_string().contains("parts for 1 workers, and there are 2"), "{error}");
    }
}

#[test]
fn in_place_in_every_context() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let mut numbers = SharedArray::from_fn(1000, |x| x as u64).expect("there is memory");
        for _ in 0..3 {
            let map = Map::over(0..1000_u64).in_place(&mut numbers).workers(&workers);
            map.run(|job| *job.out *= 2).expect("it runs");
        }
        assert!(numbers.as_slice().iter().copied().eq((0..1000).map(|x| 8 * x)), "{context:?}");
    }
}

#[test]
fn parts_as_views_of_ndarray() {
    let table = SharedArray::from_fn([30, 4, 5], |at| at as f64).expect("there is memory");
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let mut scaled = SharedArray::<f64>::uninit([30, 4, 5]).expect("there is memory");
        let map = Map::over(axis(&table, 1)).output(axis(&mut scaled, 1)).workers(&workers);
        let means = map.run(|mut job| {
            job.out.view_mut().assign(&(&job.item.view() * 2.0));
            job.item.view().mean()
        });
        let expected = table.view().axis_iter(ndarray::Axis(1)).map(|part| part.mean()).collect::<Vec<_>>();
        assert_eq!(means.expect("it runs").values, expected, "{context:?}");
        assert_eq!(scaled.view(), &table.view() * 2.0);
    }
}

/// What is in it at first is not said.
#[test]
fn arrays_that_nobody_has_filled_yet() {
    for order in [Order::RowMajor, Order::ColumnMajor] {
        for context in CONTEXTS {
            let array = SharedArray::<u64>::build([20, 50]).order(order).context(context).uninit();
            let mut array = array.expect("there is memory");
            let map = Map::over(0..20_u64).output(axis(&mut array, 0)).context(context).number(2);
            map.run(|mut job| job.out.iter_mut().zip(0..).for_each(|(out, at)| *out = 50 * job.item + at))
                .expect("it runs");
            let filled = (0..20).all(|row| (0..50).all(|at| array[[row, at]] == (50 * row + at) as u64));
            assert!(filled, "{context:?} {order:?}");
        }
    }
}
