//! timely dataflow: the relay with an exchange between its stages on two workers, or on one. Its sum is not in order:
//! two workers share the numbers.

use super::Outcome;
use super::relay::{KEY, checked};
use crate::clock::now_ns;
use crate::usage::Spent;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use timely::dataflow::operators::vec::{Map, ToStream};
use timely::dataflow::operators::{Exchange, Inspect};

pub fn relay(workers: usize, count: u64) -> Outcome {
    let sum = Arc::new(AtomicU64::new(0));
    let total = sum.clone();
    let began = now_ns();
    let workers_end = timely::execute(timely::Config::process(workers), move |worker| {
        let (index, exchanges) = (worker.index(), worker.peers() > 1);
        let total = total.clone();
        let key = std::hint::black_box(KEY);
        worker.dataflow::<u64, _, _>(move |scope| {
            let numbers = (1..=count).take(if index == 0 { count as usize } else { 0 });
            let numbers = numbers.to_stream(scope);
            let first = if exchanges { numbers.exchange(|x| *x) } else { numbers };
            let first = first.map(|x| x + 1);
            let second = if exchanges { first.exchange(|x| *x >> 1) } else { first };
            let third = second.map(|x| x * 3).map(move |x| x ^ key);
            third.inspect_batch(move |_time, batch| {
                let part = batch.iter().fold(0u64, |sum, x| sum.wrapping_add(*x));
                total.fetch_add(part, Ordering::Relaxed);
            });
        });
    });
    drop(workers_end.expect("timely starts")); // waits for the workers
    let spent = Spent::since(began);
    checked(count, spent, sum.load(Ordering::Relaxed), u64::wrapping_add)
}
