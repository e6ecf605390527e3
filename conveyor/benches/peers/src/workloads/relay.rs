//! A source, three trivial processors and a sink; from the first send to the last output.

use super::{Outcome, System, timely};
use crate::clock::{Marks, began, ended, now_ns};
use conveyor::{Context, Result, Sink, Source, pipeline};
use crossbeam_channel::bounded;
use std::hint::black_box;
use std::path::PathBuf;

pub const COUNT: u64 = 10_000_000;
pub const KEY: u64 = 0x5555;

pub const SYSTEMS: &[System] = &[
    System { name: "conveyor", context: "processes", run: || ours(Context::Processes) },
    System { name: "conveyor", context: "threads", run: || ours(Context::Threads) },
    System { name: "conveyor", context: "serial", run: || ours(Context::Serial) },
    System { name: "crossbeam", context: "threads", run: crossbeam },
    System { name: "crossbeam-by-1024", context: "threads", run: crossbeam_batched },
    System { name: "timely-exchange", context: "threads", run: || timely::relay(2) },
    System { name: "timely-one", context: "threads", run: || timely::relay(1) },
    System { name: "loop", context: "serial", run: plain_loop },
];

/// Folds in order: no compiler can do that for several numbers at once.
#[inline(always)]
pub fn fold(sum: u64, x: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(x)
}

fn expected(fold: fn(u64, u64) -> u64) -> u64 {
    (1..=COUNT).fold(0, |sum, x| fold(sum, ((x + 1) * 3) ^ KEY))
}

/// The outcome, if the sum is right.
pub fn checked(seconds: f64, sum: u64, fold: fn(u64, u64) -> u64) -> Outcome {
    assert_eq!(sum, expected(fold), "numbers were lost, doubled or damaged");
    Outcome::new(seconds, COUNT)
}

struct Numbers {
    last: u64,
    marks: PathBuf,
}

impl Source for Numbers {
    type Out = u64;
    #[inline]
    fn next(&mut self) -> Result<Option<u64>> {
        if self.last == 0 {
            began(&self.marks);
        }
        self.last += 1;
        Ok((self.last <= COUNT).then_some(self.last))
    }
}

struct Total {
    sum: u64,
    marks: PathBuf,
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

fn ours(context: Context) -> Outcome {
    let marks = Marks::new();
    let relay = pipeline! {
        (marks: PathBuf = marks.path(), key: u64 = black_box(KEY));
        source(Numbers { last: 0, marks: marks.clone() })
            -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x * 3) -> pipe -> processor(|x| x ^ key)
            -> pipe -> sink(Total { sum: 0, marks: marks.clone() });
    };
    relay.context(context).run_to_end(()).expect("the relay runs");
    let (seconds, sum) = marks.read();
    checked(seconds, sum, fold)
}

fn crossbeam() -> Outcome {
    let room = 1024;
    let ((a, first), (b, second), (c, third), (d, last)) =
        (bounded(room), bounded(room), bounded(room), bounded::<u64>(room));
    let key = black_box(KEY);
    let (seconds, sum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || (1..=COUNT).for_each(|x| a.send(x).expect("received")));
        scope.spawn(move || first.iter().for_each(|x: u64| b.send(x + 1).expect("received")));
        scope.spawn(move || second.iter().for_each(|x: u64| c.send(x * 3).expect("received")));
        scope.spawn(move || third.iter().for_each(|x: u64| d.send(x ^ key).expect("received")));
        let sum = last.iter().fold(0, fold);
        ((now_ns() - began) as f64 / 1e9, sum)
    });
    checked(seconds, sum, fold)
}

/// At its best: whole vectors travel, and are worked on in place.
fn crossbeam_batched() -> Outcome {
    const BATCH: u64 = 1024;
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
    let (seconds, sum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || {
            let mut next = 1;
            while next <= COUNT {
                let end = COUNT.min(next + BATCH - 1);
                a.send((next..=end).collect()).expect("received");
                next = end + 1;
            }
        });
        scope.spawn(stage(first, b, |x, _| x + 1));
        scope.spawn(stage(second, c, |x, _| x * 3));
        scope.spawn(stage(third, d, |x, key| x ^ key));
        let sum = last.iter().flatten().fold(0, fold);
        ((now_ns() - began) as f64 / 1e9, sum)
    });
    checked(seconds, sum, fold)
}

/// What a compiler makes of it when there is no pipeline at all.
fn plain_loop() -> Outcome {
    let (count, key) = (black_box(COUNT), black_box(KEY));
    let began = now_ns();
    let sum = (1..=count).fold(0, |sum, x| fold(sum, ((x + 1) * 3) ^ key));
    let seconds = (now_ns() - began) as f64 / 1e9;
    checked(seconds, black_box(sum), fold)
}
