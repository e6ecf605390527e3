//! A source, three trivial processors and a sink; from the first send to the last output.

use super::{Outcome, System, system, timely};
use crate::clock::{Marks, began, ended, now_ns};
use crate::usage::Spent;
use conveyor::{Context, Result, Sink, pipeline};
use crossbeam_channel::bounded;
use std::hint::black_box;
use std::ops::Range;
use std::path::{Path, PathBuf};

const COUNT: u64 = 10_000_000;
pub const KEY: u64 = 0x5555;

pub const SYSTEMS: &[System] = &[
    system("conveyor", "processes", |scale| ours(Context::Processes, scale.items(COUNT))),
    system("conveyor", "threads", |scale| ours(Context::Threads, scale.items(COUNT))),
    system("conveyor", "fused", |scale| fused(scale.items(COUNT))),
    system("conveyor", "serial", |scale| ours(Context::Serial, scale.items(COUNT))),
    system("crossbeam", "threads", |scale| crossbeam(scale.items(COUNT))),
    system("crossbeam-by-1024", "threads", |scale| crossbeam_batched(scale.items(COUNT))),
    system("timely-exchange", "threads", |scale| timely::relay(2, scale.items(COUNT))),
    system("timely-one", "threads", |scale| timely::relay(1, scale.items(COUNT))),
    system("loop", "serial", |scale| plain_loop(scale.items(COUNT))),
];

/// Folds in order: no compiler can do that for several numbers at once.
#[inline(always)]
pub fn fold(sum: u64, x: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(x)
}

/// The outcome, if the sum is right.
pub fn checked(count: u64, spent: Spent, sum: u64, fold: fn(u64, u64) -> u64) -> Outcome {
    let expected = (1..=count).fold(0, |sum, x| fold(sum, ((x + 1) * 3) ^ KEY));
    assert_eq!(sum, expected, "numbers were lost, doubled or damaged");
    Outcome::new(spent, count)
}

/// Counts from one on; writes down when it begins.
pub fn numbers(count: u64, marks: &Path) -> Range<u64> {
    began(marks);
    1..count + 1
}

/// Folds in order; writes down the result and when it has ended.
pub struct Total {
    sum: u64,
    marks: PathBuf,
}

impl Total {
    pub fn new(marks: &Path) -> Total {
        Total { sum: 0, marks: marks.to_owned() }
    }
}

impl Sink for Total {
    type In = u64;
    #[inline]
    fn consume(&mut self, x: u64) -> Result<()> {
        self.sum = fold(self.sum, x);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        ended(&self.marks, self.sum);
        Ok(())
    }
}

fn ours(context: Context, count: u64) -> Outcome {
    let marks = Marks::new();
    let relay = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count, key: u64 = black_box(KEY));
        source(numbers(*count, marks))
            -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x * 3) -> pipe -> processor(|x| x ^ key)
            -> pipe -> sink(Total::new(marks));
    };
    relay.context(context).run_to_end(()).expect("the relay runs");
    let (spent, sum) = marks.read();
    checked(count, spent, sum, fold)
}

/// All stages in one process of its own, as one loop.
fn fused(count: u64) -> Outcome {
    let marks = Marks::new();
    let relay = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count, key: u64 = black_box(KEY));
        source(numbers(*count, marks)) [fuse = next]
            -> pipe -> processor(|x| x + 1) [fuse = next] -> pipe -> processor(|x| x * 3) [fuse = next]
            -> pipe -> processor(|x| x ^ key) [fuse = next] -> pipe -> sink(Total::new(marks));
    };
    relay.context(Context::Processes).run_to_end(()).expect("the relay runs");
    let (spent, sum) = marks.read();
    checked(count, spent, sum, fold)
}

fn crossbeam(count: u64) -> Outcome {
    let room = 1024;
    let ((a, first), (b, second), (c, third), (d, last)) =
        (bounded(room), bounded(room), bounded(room), bounded::<u64>(room));
    let key = black_box(KEY);
    let (spent, sum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || (1..=count).for_each(|x| a.send(x).expect("received")));
        scope.spawn(move || first.iter().for_each(|x: u64| b.send(x + 1).expect("received")));
        scope.spawn(move || second.iter().for_each(|x: u64| c.send(x * 3).expect("received")));
        scope.spawn(move || third.iter().for_each(|x: u64| d.send(x ^ key).expect("received")));
        let sum = last.iter().fold(0, fold);
        (Spent::since(began), sum)
    });
    checked(count, spent, sum, fold)
}

/// The numbers in vectors of 1024.
pub fn batches(count: u64) -> impl Iterator<Item = Vec<u64>> {
    (1..=count).step_by(1024).map(move |first| (first..=count.min(first + 1023)).collect())
}

/// At its best: whole vectors travel, and are worked on in place.
fn crossbeam_batched(count: u64) -> Outcome {
    let room = 16;
    let ((a, first), (b, second), (c, third), (d, last)) =
        (bounded(room), bounded(room), bounded(room), bounded::<Vec<u64>>(room));
    let key = black_box(KEY);
    let stage = |from: crossbeam_channel::Receiver<Vec<u64>>,
                 to: crossbeam_channel::Sender<Vec<u64>>,
                 work: fn(u64, u64) -> u64| {
        move || {
            for mut batch in from {
                batch.iter_mut().for_each(|x| *x = work(*x, key));
                to.send(batch).expect("received");
            }
        }
    };
    let (spent, sum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || {
            batches(count).for_each(|batch| a.send(batch).expect("received"));
        });
        scope.spawn(stage(first, b, |x, _| x + 1));
        scope.spawn(stage(second, c, |x, _| x * 3));
        scope.spawn(stage(third, d, |x, key| x ^ key));
        let sum = last.iter().flatten().fold(0, fold);
        (Spent::since(began), sum)
    });
    checked(count, spent, sum, fold)
}

/// What a compiler makes of it when there is no pipeline at all.
fn plain_loop(count: u64) -> Outcome {
    let (count, key) = (black_box(count), black_box(KEY));
    let began = now_ns();
    let sum = (1..=count).fold(0, |sum, x| fold(sum, ((x + 1) * 3) ^ key));
    let spent = Spent::since(began);
    checked(count, spent, black_box(sum), fold)
}
