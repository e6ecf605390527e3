//! Two workers share items of known cost. The ideal is half of the time that one loop takes.

use super::{Outcome, System};
use crate::clock::{Marks, began, ended, now_ns};
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
const EVEN_LOAD: Load = Load { count: 50_000, steps: STEPS_20_US, is_skewed: false };
const SKEWED_LOAD: Load = Load { count: 25_000, steps: STEPS_20_US, is_skewed: true };
const FINE_LOAD: Load = Load { count: 5_000_000, steps: 143, is_skewed: false };

const fn system(name: &'static str, context: &'static str, run: fn() -> Outcome) -> System {
    System { name, context, run }
}

pub const EVEN: &[System] = &[
    system("conveyor", "processes", || ours(EVEN_LOAD)),
    system("ideal", "serial", || ideal(EVEN_LOAD)),
    system("rayon", "threads", || rayon(EVEN_LOAD)),
    system("crossbeam", "threads", || crossbeam(EVEN_LOAD)),
];

pub const SKEWED: &[System] = &[
    system("conveyor", "processes", || ours(SKEWED_LOAD)),
    system("ideal", "serial", || ideal(SKEWED_LOAD)),
    system("rayon", "threads", || rayon(SKEWED_LOAD)),
    system("crossbeam", "threads", || crossbeam(SKEWED_LOAD)),
];

pub const ORDERED: &[System] = &[
    system("conveyor", "processes", || ours_ordered(SKEWED_LOAD)),
    system("ideal", "serial", || ideal(SKEWED_LOAD)),
    system("rayon", "threads", || rayon_ordered(SKEWED_LOAD)),
];

pub const FINE: &[System] = &[
    system("conveyor", "processes", || ours(FINE_LOAD)),
    system("ideal", "serial", || ideal(FINE_LOAD)),
    system("rayon", "threads", || rayon(FINE_LOAD)),
    system("crossbeam", "threads", || crossbeam(FINE_LOAD)),
];

impl Load {
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

/// Half of what one loop takes. The other systems are checked against each other by what it computes: nothing else is
/// as simple.
fn ideal(load: Load) -> Outcome {
    let began = now_ns();
    let sum = (0..load.count).fold(0u64, |sum, item| sum.wrapping_add(load.work(item)));
    let seconds = (now_ns() - began) as f64 / 2e9;
    std::hint::black_box(sum);
    Outcome::new(seconds, load.count)
}

/// The outcome, if the results are right. Computed anew, outside of the time, on both cores.
fn checked(load: Load, seconds: f64, sum: u64) -> Outcome {
    let expected =
        (0..load.count).into_par_iter().map(|item| load.work(item)).reduce(|| 0, u64::wrapping_add);
    assert_eq!(sum, expected, "items were lost, doubled or damaged");
    Outcome::new(seconds, load.count)
}

fn checked_in_order(load: Load, seconds: f64, sum: u64) -> Outcome {
    let results: Vec<u64> = (0..load.count).into_par_iter().map(|item| load.work(item)).collect();
    assert_eq!(sum, results.into_iter().fold(0, Load::in_order), "items were lost, doubled, or out of order");
    Outcome::new(seconds, load.count)
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
    let (seconds, sum) = marks.read();
    checked(load, seconds, sum)
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
    let (seconds, sum) = marks.read();
    checked_in_order(load, seconds, sum)
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
    checked(load, (now_ns() - began) as f64 / 1e9, sum)
}

fn rayon_ordered(load: Load) -> Outcome {
    let pool = two();
    let began = now_ns();
    let results: Vec<u64> =
        pool.install(|| (0..load.count).into_par_iter().map(|item| load.work(item)).collect());
    let sum = results.into_iter().fold(0, Load::in_order);
    checked_in_order(load, (now_ns() - began) as f64 / 1e9, sum)
}

fn crossbeam(load: Load) -> Outcome {
    let ((items, to_work), (results, done)) = (bounded(1024), bounded::<u64>(1024));
    let (seconds, sum) = std::thread::scope(|scope| {
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
        ((now_ns() - began) as f64 / 1e9, sum)
    });
    checked(load, seconds, sum)
}
