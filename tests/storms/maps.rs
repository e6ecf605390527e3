//! Maps on one pool of workers: values, accumulators, states, and outputs of every kind.

use crate::weather::{SPARING, storm};
use conveyor::map::{Mapped, axis, rows};
use conveyor::{Context, Error, Map, SharedArray, Workers};
use std::hint::black_box;

/// Maps of each kind in a run.
const ROUNDS: u64 = 4;
const ITEMS: u64 = 2000;

fn workers() -> Workers {
    Workers::builder().context(Context::Processes).number(3).start().expect("they start")
}

fn well<T>(outcome: Result<T, Error>) -> T {
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

/// The same number, after a while: so that workers are killed while they are at it.
fn same(item: u64) -> u64 {
    (0..200).fold(item, |item, round| black_box(item ^ round ^ round))
}

#[test]
fn values_accumulators_and_states() {
    storm(SPARING, |_| {
        let workers = workers();
        for round in 0..ROUNDS {
            let map = || Map::over(0..ITEMS).with(round).workers(&workers).share_len(20);
            let Mapped { values, .. } = well(map().run(|job| same(3 * job.item + job.with)));
            assert!(values.into_iter().eq((0..ITEMS).map(|item| 3 * item + round)));

            let sum = map().fold(0, |sum, job| *sum += same(job.item));
            assert_eq!(well(sum.reduce(|a, b| a + b)).value, ITEMS * (ITEMS - 1) / 2);

            // who dies takes its state along, and its replacement makes another one
            let map = map().init(|setup| Ok((*setup.with, 0_u64))).finish(|end, (round, items)| {
                assert!(round == *end.with && items > 0);
                Ok(())
            });
            let Mapped { values, .. } = well(map.run(|job| {
                job.state.1 += 1;
                same(job.state.0 + job.item)
            }));
            assert!(values.into_iter().eq(round..round + ITEMS));
        }
    });
}

const WIDTH: usize = 8;

/// Rows, and a number for each.
fn by_rows(workers: &Workers, items: &SharedArray<u64>) {
    let mut out = SharedArray::<u64>::zeros(items.shape()).expect("there is memory");
    let mut sums = SharedArray::<u64>::zeros(ITEMS as usize).expect("there is memory");
    for _ in 0..ROUNDS {
        let map = Map::over(rows(items)).output((rows(&mut out), &mut sums)).workers(workers).share_len(20);
        well(map.run(|job| {
            let (row, sum) = job.out;
            row.iter_mut().zip(job.item).for_each(|(out, item)| *out = same(item + 1));
            *sum = row.iter().sum();
        }));
        assert!(out.as_slice().iter().copied().eq(1..=items.len() as u64));
        assert!(sums.as_slice().iter().copied().eq(out.parts().map(|row| row.iter().sum())));
        out.as_mut_slice().expect("the map has ended").fill(0);
    }
}

/// Columns; and in place, which may be done twice.
fn by_columns(workers: &Workers, items: &SharedArray<u64>) {
    let mut out = SharedArray::<u64>::zeros(items.shape()).expect("there is memory");
    let mut numbers = SharedArray::<u64>::zeros(ITEMS as usize).expect("there is memory");
    for _ in 0..ROUNDS {
        let map = Map::over(axis(items, 1)).output(axis(&mut out, 1)).workers(workers).share_len(1);
        well(map.run(|mut job| {
            job.out.iter_mut().zip(job.item.iter()).for_each(|(out, item)| *out = same(2 * item));
        }));
        assert!(out.as_slice().iter().copied().eq((0..items.len() as u64).map(|item| 2 * item)));
        out.as_mut_slice().expect("the map has ended").fill(0);

        let map = Map::over(0..ITEMS).in_place(&mut numbers).idempotent().workers(workers).share_len(20);
        well(map.run(|job| *job.out = same(*job.out | 1 << (job.item % 60))));
        assert!(numbers.as_slice().iter().zip(0..).all(|(number, item)| *number == 1 << (item % 60)));
    }
}

#[test]
fn outputs_of_two_maps_at_once() {
    let items = SharedArray::from_fn([ITEMS as usize, WIDTH], |at| at as u64).expect("there is memory");
    storm(SPARING, |_| {
        let workers = workers();
        std::thread::scope(|scope| {
            let rows = scope.spawn(|| by_rows(&workers, &items));
            let columns = scope.spawn(|| by_columns(&workers, &items));
            [rows, columns]
                .into_iter()
                .for_each(|maps| maps.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        });
    });
}
