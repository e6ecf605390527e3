//! The relay with many stages: what a stage more costs when there are far more of them than cores.

use super::relay::{Total, batches, fold, numbers};
use super::{Outcome, System, system};
use crate::clock::{Marks, now_ns};
use crate::usage::Spent;
use conveyor::{Context, pipeline};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::path::PathBuf;

const COUNT: u64 = 10_000_000;
const COUNT_OF_CROSSBEAM: u64 = 200_000;

pub const SYSTEMS: &[System] = &[
    system("conveyor", "processes", |scale| sixty_four(scale.items(COUNT))),
    system("ours-of-4-stages", "processes", |scale| four(scale.items(COUNT))),
    system("crossbeam", "threads", |scale| crossbeam(scale.items(COUNT_OF_CROSSBEAM))),
    system("crossbeam-by-1024", "threads", |scale| crossbeam_by_1024(scale.items(COUNT))),
];

mod parts {
    conveyor::pipeline! {
        /// Eight stages, each of which adds one.
        pub Eight<u64 -> u64>;
        processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe
            -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe
            -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1);
    }
}

/// The outcome, if every number has passed all stages.
fn checked(count: u64, spent: Spent, sum: u64, stages: u64) -> Outcome {
    let expected = (1..=count).fold(0, |sum, x| fold(sum, x + stages));
    assert_eq!(sum, expected, "numbers were lost, doubled or damaged");
    Outcome::new(spent, count)
}

fn four(count: u64) -> Outcome {
    let marks = Marks::new();
    let relay = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        source(numbers(*count, marks)) -> pipe
            -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe
            -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe
            -> sink(Total::new(marks));
    };
    relay.context(Context::Processes).run_to_end(()).expect("the relay runs");
    let (spent, sum) = marks.read();
    checked(count, spent, sum, 4)
}

fn sixty_four(count: u64) -> Outcome {
    use parts::Eight;
    let marks = Marks::new();
    let relay = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        pipeline a = Eight;
        pipeline b = Eight;
        pipeline c = Eight;
        pipeline d = Eight;
        pipeline e = Eight;
        pipeline f = Eight;
        pipeline g = Eight;
        pipeline h = Eight;
        source(numbers(*count, marks)) -> pipe
            -> a -> pipe -> b -> pipe -> c -> pipe -> d -> pipe -> e -> pipe -> f -> pipe -> g -> pipe -> h -> pipe
            -> sink(Total::new(marks));
    };
    relay.context(Context::Processes).run_to_end(()).expect("the relay runs");
    let (spent, sum) = marks.read();
    checked(count, spent, sum, 64)
}

/// 64 threads between a feeding one and this one.
fn row<T: Send>(
    room: usize,
    feed: impl FnOnce(Sender<T>) + Send,
    stage: impl Fn(T) -> T + Copy + Send,
    drain: impl FnOnce(Receiver<T>) -> u64,
) -> (Spent, u64) {
    std::thread::scope(|scope| {
        let began = now_ns();
        let (first, mut last) = bounded(room);
        for _ in 0..64 {
            let (outlet, next) = bounded(room);
            let inlet = std::mem::replace(&mut last, next);
            scope.spawn(move || {
                for message in inlet {
                    outlet.send(stage(message)).expect("received");
                }
            });
        }
        scope.spawn(move || feed(first));
        let sum = drain(last);
        (Spent::since(began), sum)
    })
}

fn crossbeam(count: u64) -> Outcome {
    let (spent, sum) = row(
        1024,
        |first| (1..=count).for_each(|x| first.send(x).expect("received")),
        |x: u64| x + 1,
        |last| last.iter().fold(0, fold),
    );
    checked(count, spent, sum, 64)
}

fn crossbeam_by_1024(count: u64) -> Outcome {
    let (spent, sum) = row(
        16,
        |first| {
            batches(count).for_each(|batch| first.send(batch).expect("received"));
        },
        |mut batch: Vec<u64>| {
            batch.iter_mut().for_each(|x| *x += 1);
            batch
        },
        |last| last.iter().flatten().fold(0, fold),
    );
    checked(count, spent, sum, 64)
}
