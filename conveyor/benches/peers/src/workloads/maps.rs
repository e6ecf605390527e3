//! Maps over shared arrays on a kept pool of two workers: the median of some maps behind the first one, which is
//! reported beside it, since it makes the mappings.

use super::{Outcome, System, system};
use crate::clock::now_ns;
use crate::scale::Scale;
use crate::usage::Spent;
use crate::work::burn;
use conveyor::map::{chunks, rows};
use conveyor::{Context, Map, SharedArray, Workers};
use rayon::prelude::*;

const ELEMENTS: u64 = 50_000_000;
const ROWS: usize = 2000;
const ROW: usize = 4096;
const BURNS: u64 = 50_000;
/// About 20 us.
const STEPS: u32 = 14_286;
/// How often each of them runs behind the first one.
const MAPS: usize = 5;
/// Short ones, so that the memory is warm in most of them.
const ROW_MAPS: usize = 101;
const EMPTY_MAPS: usize = 1001;
const CHUNKS_OF: usize = 64;
const EMPTY_CHUNKS: u64 = 1_000_000;

pub const PER_ELEMENT: &[System] = &[
    system("conveyor", "processes", |scale| elements(scale, Context::Processes)),
    system("conveyor", "threads", |scale| elements(scale, Context::Threads)),
    system("rayon", "threads", elements_by_rayon),
    system("loop", "serial", elements_in_a_loop),
];

pub const PER_ROW: &[System] = &[
    system("conveyor", "processes", |scale| row_means(scale, Context::Processes)),
    system("conveyor", "threads", |scale| row_means(scale, Context::Threads)),
    system("rayon", "threads", row_means_by_rayon),
];

pub const COMPUTE: &[System] = &[
    system("conveyor", "processes", |scale| burns(scale, Context::Processes)),
    system("conveyor", "threads", |scale| burns(scale, Context::Threads)),
    system("ideal", "serial", ideal_burns),
    system("rayon", "threads", burns_by_rayon),
];

pub const EMPTY: &[System] = &[
    system("conveyor", "processes", |scale| empty(scale, Context::Processes)),
    system("conveyor", "threads", |scale| empty(scale, Context::Threads)),
    system("rayon", "threads", empty_by_rayon),
];

pub const CHUNKS: &[System] = &[
    system("conveyor", "processes", |scale| empty_chunks(scale, Context::Processes)),
    system("conveyor", "threads", |scale| empty_chunks(scale, Context::Threads)),
];

fn pool(context: Context) -> Workers {
    Workers::builder().number(2).context(context).start().expect("two workers")
}

fn two() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads")
}

/// Runs a map `times` times behind the first one.
fn repeated(times: usize, items: u64, mut map: impl FnMut()) -> Outcome {
    let mut once = || {
        let began = now_ns();
        map();
        (now_ns() - began) as f64 / 1e9
    };
    let first = once();
    let mut others: Vec<f64> = (0..times).map(|_| once()).collect();
    others.sort_by(f64::total_cmp);
    let mut outcome = Outcome::new(Spent::taking(others[times / 2]), items);
    outcome.more.push(("first_s".to_owned(), first));
    outcome
}

fn are_tripled(outputs: &[f64]) {
    assert!((0..).zip(outputs).all(|(index, output)| *output == 3.0 * f64::from(index)), "a wrong output");
}

fn elements(scale: Scale, context: Context) -> Outcome {
    let count = scale.items(ELEMENTS) as usize;
    let workers = pool(context);
    let inputs = SharedArray::build(count).context(context).from_fn(|index| index as f64).expect("memory");
    let mut outputs = SharedArray::<f64>::build(count).context(context).zeros().expect("memory");
    let outcome = repeated(MAPS, count as u64, || {
        let map = Map::over(&inputs).output(&mut outputs).workers(&workers);
        map.run(|job| *job.out = 3.0 * job.item).expect("it runs");
    });
    are_tripled(outputs.as_slice());
    outcome
}

fn elements_by_rayon(scale: Scale) -> Outcome {
    let count = scale.items(ELEMENTS) as usize;
    let pool = two();
    let inputs: Vec<f64> = (0..count).map(|index| index as f64).collect();
    let mut outputs = vec![0.0; count];
    let outcome = repeated(MAPS, count as u64, || {
        pool.install(|| {
            let pairs = inputs.par_iter().zip(&mut outputs);
            pairs.for_each(|(input, output)| *output = 3.0 * input);
        });
    });
    are_tripled(&outputs);
    outcome
}

fn elements_in_a_loop(scale: Scale) -> Outcome {
    let count = scale.items(ELEMENTS) as usize;
    let inputs: Vec<f64> = (0..count).map(|index| index as f64).collect();
    let mut outputs = vec![0.0; count];
    let outcome = repeated(MAPS, count as u64, || {
        inputs.iter().zip(&mut outputs).for_each(|(input, output)| *output = 3.0 * input);
        std::hint::black_box(&mut outputs);
    });
    are_tripled(&outputs);
    outcome
}

/// Rows of numbers that grow by one.
fn row_of(index: usize) -> f64 {
    (index / ROW + index % ROW) as f64
}

/// Eight sums side by side, as numpy does: one number behind the other, each addition would wait for the one before it.
fn mean(row: &[f64]) -> f64 {
    let (blocks, rest) = row.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for block in blocks {
        sums.iter_mut().zip(block).for_each(|(sum, number)| *sum += number);
    }
    (sums.iter().sum::<f64>() + rest.iter().sum::<f64>()) / ROW as f64
}

fn are_means(means: &[f64]) {
    let first = (ROW - 1) as f64 / 2.0;
    assert!((0..).zip(means).all(|(row, mean)| *mean == first + f64::from(row)), "a wrong mean");
}

fn row_means(scale: Scale, context: Context) -> Outcome {
    let count = scale.items(ROWS as u64) as usize;
    let workers = pool(context);
    let inputs = SharedArray::build([count, ROW]).context(context).from_fn(row_of).expect("memory");
    let mut means = SharedArray::<f64>::build(count).context(context).zeros().expect("memory");
    let outcome = repeated(ROW_MAPS, count as u64, || {
        let map = Map::over(rows(&inputs)).output(&mut means).workers(&workers);
        map.run(|job| *job.out = mean(job.item)).expect("it runs");
    });
    are_means(means.as_slice());
    outcome
}

fn row_means_by_rayon(scale: Scale) -> Outcome {
    let count = scale.items(ROWS as u64) as usize;
    let pool = two();
    let inputs: Vec<f64> = (0..count * ROW).map(row_of).collect();
    let mut means = vec![0.0; count];
    let outcome = repeated(ROW_MAPS, count as u64, || {
        pool.install(|| {
            let rows = inputs.par_chunks_exact(ROW).zip(&mut means);
            rows.for_each(|(row, to)| *to = mean(row));
        });
    });
    are_means(&means);
    outcome
}

fn sum_of_burns(count: u64) -> u64 {
    (0..count).into_par_iter().map(|item| burn(item, STEPS)).reduce(|| 0, u64::wrapping_add)
}

fn burns(scale: Scale, context: Context) -> Outcome {
    let count = scale.items(BURNS);
    let workers = pool(context);
    let mut sum = 0;
    let outcome = repeated(1, count, || {
        let map = Map::over(0..count).workers(&workers);
        let burnt = map.fold(0u64, |sum, job| *sum = sum.wrapping_add(burn(job.item, STEPS)));
        sum = burnt.reduce(u64::wrapping_add).expect("it runs").value;
    });
    assert_eq!(sum, sum_of_burns(count), "items were lost, doubled or damaged");
    outcome
}

/// Half of what one loop takes.
fn ideal_burns(scale: Scale) -> Outcome {
    let count = scale.items(BURNS);
    let mut sum = 0;
    let mut outcome = repeated(1, count, || {
        sum = (0..count).fold(0u64, |sum, item| sum.wrapping_add(burn(item, STEPS)));
    });
    outcome.spent.seconds /= 2.0;
    assert_eq!(sum, sum_of_burns(count), "items were lost, doubled or damaged");
    outcome
}

fn burns_by_rayon(scale: Scale) -> Outcome {
    let count = scale.items(BURNS);
    let pool = two();
    let mut sum = 0;
    let outcome = repeated(1, count, || sum = pool.install(|| sum_of_burns(count)));
    assert_eq!(sum, sum_of_burns(count), "items were lost, doubled or damaged");
    outcome
}

/// An item for each worker, and nothing to do.
fn empty(_: Scale, context: Context) -> Outcome {
    let workers = pool(context);
    repeated(EMPTY_MAPS, 1, || {
        Map::over(0..2u64).workers(&workers).run(|_| ()).expect("it runs");
    })
}

fn empty_by_rayon(_: Scale) -> Outcome {
    let pool = two();
    repeated(EMPTY_MAPS, 1, || {
        pool.install(|| (0..2u64).into_par_iter().for_each(|item| _ = std::hint::black_box(item)));
    })
}

/// One call-back for each, in the caller's thread.
fn empty_chunks(scale: Scale, context: Context) -> Outcome {
    let count = scale.items(EMPTY_CHUNKS);
    let workers = pool(context);
    let array =
        SharedArray::<u8>::build(count as usize * CHUNKS_OF).context(context).zeros().expect("memory");
    repeated(MAPS, count, || {
        let (mut called, mut elements) = (0, 0);
        let map = Map::over(chunks(array.clone(), CHUNKS_OF)).workers(&workers);
        let ended = map.start(|job| job.item.len()).expect("it starts").for_each_answer(|answer| {
            called += 1;
            elements += answer.value;
        });
        ended.expect("it runs");
        assert_eq!((called, elements), (count, array.len()), "chunks were lost or doubled");
    })
}
