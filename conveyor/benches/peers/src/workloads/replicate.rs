//! Buffers of 64 KiB, filled once and read by three branches: a sum, a minimum and a histogram.

use super::{Outcome, System, system};
use crate::clock::{Marks, began, ended, now_ns};
use crate::usage::Spent;
use conveyor::{Chunk, Context, Pool, Result, Sink, Source, pipeline};
use crossbeam_channel::bounded;
use std::path::PathBuf;
use std::sync::Arc;

const WORDS: usize = 8 << 10;
const COUNT: u64 = 20_000;
const BUFFERS: usize = 16;

pub const SYSTEMS: &[System] = &[
    system("conveyor", "processes", |scale| ours(scale.items(COUNT))),
    system("crossbeam-arc", "threads", |scale| crossbeam(scale.items(COUNT))),
    system("loop", "serial", |scale| plain_loop(scale.items(COUNT))),
];

fn fill(number: u64, words: &mut [u64]) {
    words.iter_mut().enumerate().for_each(|(word, place)| *place = number.wrapping_add(word as u64) << 7);
}

fn sum(words: &[u64]) -> u64 {
    words.iter().fold(0, |sum, word| sum.wrapping_add(*word))
}

fn minimum(words: &[u64]) -> u64 {
    words.iter().fold(u64::MAX, |least, word| least.min(*word))
}

/// Of one word of each cache line, by the four bits above the twelfth; digested into one number.
fn histogram(words: &[u64]) -> u64 {
    let mut counts = [0u64; 16];
    words.iter().step_by(8).for_each(|word| counts[(word >> 12) as usize & 15] += 1);
    counts.iter().fold(0, |digest, count| digest * 31 + count)
}

fn fold(total: u64, (sum, minimum, histogram): (u64, u64, u64)) -> u64 {
    total.wrapping_mul(31).wrapping_add(sum ^ minimum.rotate_left(7) ^ histogram.rotate_left(21))
}

fn total_of(count: u64, words: &mut [u64]) -> u64 {
    (0..count).fold(0, |total, number| {
        fill(number, words);
        fold(total, (sum(words), minimum(words), histogram(words)))
    })
}

fn checked(count: u64, spent: Spent, total: u64) -> Outcome {
    assert_eq!(total, total_of(count, &mut vec![0; WORDS]), "results were lost, doubled or damaged");
    Outcome::new(spent, count)
}

struct Buffers {
    next: u64,
    count: u64,
    pool: Pool<u64>,
    marks: PathBuf,
}

impl Source for Buffers {
    type Out = Chunk<u64>;
    fn next(&mut self) -> Result<Option<Chunk<u64>>> {
        if self.next == 0 {
            began(&self.marks);
        }
        if self.next == self.count {
            return Ok(None);
        }
        let mut buffer = self.pool.take()?;
        fill(self.next, &mut buffer);
        self.next += 1;
        Ok(Some(buffer))
    }
}

struct Total {
    total: u64,
    marks: PathBuf,
}

impl Sink for Total {
    type In = (u64, u64, u64);
    fn consume(&mut self, results: (u64, u64, u64)) -> Result<()> {
        self.total = fold(self.total, results);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        ended(&self.marks, self.total);
        Ok(())
    }
}

fn ours(count: u64) -> Outcome {
    let marks = Marks::new();
    let three = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        pool buffers(BUFFERS) of [u64; WORDS];
        source(Buffers { next: 0, count: *count, pool: buffers.clone(), marks: marks.clone() }) -> pipe -> replicated fork {
            processor(|words: Chunk<u64>| sum(&words)),
            processor(|words: Chunk<u64>| minimum(&words)),
            processor(|words: Chunk<u64>| histogram(&words)),
        } -> pipe -> join zip -> sink(Total { total: 0, marks: marks.clone() });
    };
    three.context(Context::Processes).run_to_end(()).expect("the pipeline runs");
    let (spent, total) = marks.read();
    checked(count, spent, total)
}

/// Shared, not copied; a buffer is used again when nobody else has it.
fn crossbeam(count: u64) -> Outcome {
    let branches: [fn(&[u64]) -> u64; 3] = [sum, minimum, histogram];
    let (spent, total) = std::thread::scope(|scope| {
        let (mut inlets, mut results) = (Vec::new(), Vec::new());
        for branch in branches {
            let (inlet, buffers) = bounded::<Arc<Vec<u64>>>(BUFFERS);
            let (outlet, result) = bounded(1024);
            scope.spawn(move || {
                buffers.iter().for_each(|words| outlet.send(branch(&words)).expect("received"))
            });
            inlets.push(inlet);
            results.push(result);
        }
        let began = now_ns();
        scope.spawn(move || {
            let mut pool: Vec<Arc<Vec<u64>>> = (0..BUFFERS).map(|_| Arc::new(vec![0; WORDS])).collect();
            for number in 0..count {
                let index = number as usize % BUFFERS;
                while Arc::get_mut(&mut pool[index]).is_none() {
                    std::thread::yield_now();
                }
                fill(number, Arc::get_mut(&mut pool[index]).expect("nobody else has it"));
                inlets.iter().for_each(|inlet| inlet.send(pool[index].clone()).expect("received"));
            }
        });
        let total = (0..count).fold(0, |total, _| {
            let next = |branch: usize| results[branch].recv().expect("one result each");
            fold(total, (next(0), next(1), next(2)))
        });
        (Spent::since(began), total)
    });
    checked(count, spent, total)
}

fn plain_loop(count: u64) -> Outcome {
    let mut words = vec![0; WORDS];
    let began = now_ns();
    let total = total_of(count, &mut words);
    checked(count, Spent::since(began), total)
}
