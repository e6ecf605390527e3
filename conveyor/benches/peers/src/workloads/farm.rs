//! Two workers share items of known cost. The ideal is half of the time that one loop takes.

use super::{Outcome, System, system};
use crate::clock::{Marks, began, ended, now_ns};
use crate::scale::Scale;
use crate::usage::Spent;
use crate::work::burn;
use conveyor::{Context, Result, Sink, Source, pipeline};
use crossbeam_channel::bounded;
use rayon::prelude::*;
use std::path::PathBuf;

/// How many items, and what each costs in steps of [`burn`].
#[derive(Clone, Copy)]
struct Load {
    count: u64,
    steps: u32,
    is_skewed: bool,
}

const STEPS_20_US: u32 = 14_286;
const EVEN_LOAD: Load = Load { count: 100_000, steps: STEPS_20_US, is_skewed: false };
const SKEWED_LOAD: Load = Load { count: 50_000, steps: STEPS_20_US, is_skewed: true };
const FINE_LOAD: Load = Load { count: 5_000_000, steps: 143, is_skewed: false };

pub const EVEN: &[System] = &[
    system("conveyor", "processes", |scale| ours(EVEN_LOAD.at(scale))),
    system("ideal", "serial", |scale| ideal(EVEN_LOAD.at(scale))),
    system("rayon", "threads", |scale| rayon(EVEN_LOAD.at(scale))),
    system("crossbeam", "threads", |scale| crossbeam(EVEN_LOAD.at(scale))),
];

pub const SKEWED: &[System] = &[
    system("conveyor", "processes", |scale| ours(SKEWED_LOAD.at(scale))),
    system("ideal", "serial", |scale| ideal(SKEWED_LOAD.at(scale))),
    system("rayon", "threads", |scale| rayon(SKEWED_LOAD.at(scale))),
    system("crossbeam", "threads", |scale| crossbeam(SKEWED_LOAD.at(scale))),
];

pub const ORDERED: &[System] = &[
    system("conveyor", "processes", |scale| ours_ordered(SKEWED_LOAD.at(scale))),
    system("ideal", "serial", |scale| ideal(SKEWED_LOAD.at(scale))),
    system("rayon", "threads", |scale| rayon_ordered(SKEWED_LOAD.at(scale))),
];

pub const FINE: &[System] = &[
    system("conveyor", "processes", |scale| ours(FINE_LOAD.at(scale))),
    system("ideal", "serial", |scale| ideal(FINE_LOAD.at(scale))),
    system("rayon", "threads", |scale| rayon(FINE_LOAD.at(scale))),
    system("crossbeam", "threads", |scale| crossbeam(FINE_LOAD.at(scale))),
];

impl Load {
    fn at(self, scale: Scale) -> Load {
        Load { count: scale.items(self.count), ..self }
    }

    /// An item's result.
    #[inline(always)]
    fn work(self, item: u64) -> u64 {
        let is_large = self.is_skewed && item.is_multiple_of(50);
        burn(item, if is_large { 50 * self.steps } else { self.steps })
    }

    /// A sum that also shows whether the order was kept.
    fn in_order(sum: u64, result: u64) -> u64 {
        sum.wrapping_mul(31).wrapping_add(result)
    }
}

/// Half of what one loop takes.
fn ideal(load: Load) -> Outcome {
    let began = now_ns();
    let sum = (0..load.count).fold(0u64, |sum, item| sum.wrapping_add(load.work(item)));
    let one = Spent::since(began);
    checked(load, Spent { seconds: one.seconds / 2.0, ..one }, sum)
}

/// The outcome, if the results are right. Computed anew, outside of the time, on both cores.
fn checked(load: Load, spent: Spent, sum: u64) -> Outcome {
    let expected =
        (0..load.count).into_par_iter().map(|item| load.work(item)).reduce(|| 0, u64::wrapping_add);
    assert_eq!(sum, expected, "items were lost, doubled or damaged");
    Outcome::new(spent, load.count)
}

fn checked_in_order(load: Load, spent: Spent, sum: u64) -> Outcome {
    let results: Vec<u64> = (0..load.count).into_par_iter().map(|item| load.work(item)).collect();
    assert_eq!(sum, results.into_iter().fold(0, Load::in_order), "items were lost, doubled, or out of order");
    Outcome::new(spent, load.count)
}

struct Items {
    next: u64,
    count: u64,
    marks: PathBuf,
}

impl Source for Items {
    type Out = u64;
    #[inline]
    fn next(&mut self) -> Result<Option<u64>> {
        if self.next == 0 {
            began(&self.marks);
        }
        self.next += 1;
        Ok((self.next <= self.count).then_some(self.next - 1))
    }
}

struct Total {
    sum: u64,
    add: fn(u64, u64) -> u64,
    marks: PathBuf,
}

impl Sink for Total {
    type In = u64;
    #[inline]
    fn consume(&mut self, result: u64) -> Result<()> {
        self.sum = (self.add)(self.sum, result);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        ended(&self.marks, self.sum);
        Ok(())
    }
}

fn ours(load: Load) -> Outcome {
    let marks = Marks::new();
    let farm = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = load.count, steps: u32 = load.steps, is_skewed: bool = load.is_skewed);
        source(Items { next: 0, count: *count, marks: marks.clone() })
            -> pipe -> balanced fork(2) {
                processor(|item| Load { count: *count, steps: *steps, is_skewed: *is_skewed }.work(item))
            } -> pipe -> join merge
            -> sink(Total { sum: 0, add: u64::wrapping_add, marks: marks.clone() });
    };
    farm.context(Context::Processes).run_to_end(()).expect("the farm runs");
    let (spent, sum) = marks.read();
    checked(load, spent, sum)
}

fn ours_ordered(load: Load) -> Outcome {
    let marks = Marks::new();
    let farm = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = load.count, steps: u32 = load.steps, is_skewed: bool = load.is_skewed);
        source(Items { next: 0, count: *count, marks: marks.clone() })
            -> pipe -> balanced fork(2) {
                processor(|item| Load { count: *count, steps: *steps, is_skewed: *is_skewed }.work(item))
            } -> pipe -> join ordered
            -> sink(Total { sum: 0, add: Load::in_order, marks: marks.clone() });
    };
    farm.context(Context::Processes).run_to_end(()).expect("the farm runs");
    let (spent, sum) = marks.read();
    checked_in_order(load, spent, sum)
}

fn two() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads")
}

fn rayon(load: Load) -> Outcome {
    let pool = two();
    let began = now_ns();
    let sum = pool.install(|| {
        (0..load.count).into_par_iter().map(|item| load.work(item)).reduce(|| 0, u64::wrapping_add)
    });
    checked(load, Spent::since(began), sum)
}

fn rayon_ordered(load: Load) -> Outcome {
    let pool = two();
    let began = now_ns();
    let results: Vec<u64> =
        pool.install(|| (0..load.count).into_par_iter().map(|item| load.work(item)).collect());
    let sum = results.into_iter().fold(0, Load::in_order);
    checked_in_order(load, Spent::since(began), sum)
}

fn crossbeam(load: Load) -> Outcome {
    let ((items, to_work), (results, done)) = (bounded(1024), bounded::<u64>(1024));
    let (spent, sum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || (0..load.count).for_each(|item| items.send(item).expect("received")));
        for _ in 0..2 {
            let (to_work, results) = (to_work.clone(), results.clone());
            scope.spawn(move || {
                to_work.iter().for_each(|item: u64| results.send(load.work(item)).expect("received"))
            });
        }
        drop((to_work, results));
        let sum = done.iter().fold(0u64, u64::wrapping_add);
        (Spent::since(began), sum)
    });
    checked(load, spent, sum)
}
