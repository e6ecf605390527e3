//! Buffers that others fill in place: batches for a training loop, and small chunks of an acquisition for two workers.

use super::{Outcome, System, system};
use crate::clock::{Marks, began, now_ns};
use crate::usage::Spent;
use conveyor::{Chunk, Context, Expand, Outlet, Pool, Processor, Result, Source, pipeline};
use crossbeam_channel::bounded;
use std::path::PathBuf;

/// 64 images of 256 x 256 pixels and three colours, a byte each: 12.6 MB.
const BATCH: usize = 64 * 256 * 256 * 3 / 8;
const BATCHES: u64 = 400;
/// How many there are of them at a time.
const ROOM: usize = 4;

const CHUNK: usize = 64;
const CHUNKS: u64 = 2_000_000;
const CHUNK_ROOM: usize = 64;

pub const OF_12_MB: &[System] = &[
    system("conveyor", "processes", |scale| batches(scale.items(BATCHES))),
    system("in-place", "serial", |scale| batches_of_one(scale.items(BATCHES))),
    system("crossbeam", "threads", |scale| batches_by_crossbeam(scale.items(BATCHES))),
];

pub const HAND_OFFS: &[System] = &[
    system("conveyor", "processes", |scale| hand_offs(scale.items(CHUNKS), Context::Processes)),
    system("conveyor", "threads", |scale| hand_offs(scale.items(CHUNKS), Context::Threads)),
    system("crossbeam", "threads", |scale| hand_offs_by_crossbeam(scale.items(CHUNKS))),
];

#[inline(always)]
fn fill(number: u64, words: &mut [u64]) {
    words.fill(number);
}

#[inline(always)]
fn sum(words: &[u64]) -> u64 {
    words.iter().fold(0, |sum, word| sum.wrapping_add(*word))
}

/// The outcome, if all buffers were read.
fn checked(words: usize, seconds: f64, count: u64, total: u64) -> Outcome {
    let expected = (0..count).fold(0u64, u64::wrapping_add).wrapping_mul(words as u64);
    assert_eq!(total, expected, "buffers were lost, doubled or damaged");
    Outcome::new(Spent::taking(seconds), count)
}

/// Says which buffers there are to be.
struct Commands {
    next: u64,
    count: u64,
    marks: PathBuf,
}

impl Source for Commands {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        if self.next == 0 {
            began(&self.marks);
        }
        self.next += 1;
        Ok((self.next <= self.count).then_some(self.next - 1))
    }
}

struct Producer(Pool<u64>);

impl Processor for Producer {
    type In = u64;
    type Out = Chunk<u64>;
    fn process(&mut self, number: u64) -> Result<Chunk<u64>> {
        let mut batch = self.0.take()?;
        fill(number, &mut batch);
        Ok(batch)
    }
}

fn batches(count: u64) -> Outcome {
    let marks = Marks::new();
    let batches = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        pool batches(ROOM / 2) of [u64; BATCH]; // for each of the two
        source(Commands { next: 0, count: *count, marks: marks.clone() })
            -> pipe -> balanced fork(2) { processor(Producer(batches.clone())) } -> pipe -> join ordered;
    };
    let mut total = 0u64;
    for batch in &mut batches.context(Context::Processes).run(()) {
        total = total.wrapping_add(sum(&batch.expect("it runs")));
    }
    checked(BATCH, marks.seconds_until(now_ns()), count, total)
}

/// What one process can do: write a batch, and read it.
fn batches_of_one(count: u64) -> Outcome {
    let mut batch = vec![0; BATCH];
    let (mut total, began) = (0u64, now_ns());
    for number in 0..count {
        fill(number, std::hint::black_box(&mut batch));
        total = total.wrapping_add(sum(std::hint::black_box(&batch)));
    }
    checked(BATCH, (now_ns() - began) as f64 / 1e9, count, total)
}

/// Boxes that come back, as many as there are chunks.
fn batches_by_crossbeam(count: u64) -> Outcome {
    let ((commands, to_make), (full, to_read)) = (bounded(1024), bounded::<Box<[u64]>>(ROOM));
    let (empty, to_fill) = bounded::<Box<[u64]>>(ROOM);
    (0..ROOM).for_each(|_| empty.send(vec![0; BATCH].into()).expect("there is room"));
    let began = now_ns();
    let total = std::thread::scope(|scope| {
        scope.spawn(move || (0..count).for_each(|number| commands.send(number).expect("it is received")));
        for _ in 0..2 {
            let (to_make, to_fill, full) = (to_make.clone(), to_fill.clone(), full.clone());
            scope.spawn(move || {
                for number in to_make {
                    let mut batch = to_fill.recv().expect("they come back");
                    fill(number, &mut batch);
                    full.send(batch).expect("it is received");
                }
            });
        }
        drop((to_make, full));
        let mut total = 0u64;
        for batch in to_read {
            total = total.wrapping_add(sum(&batch));
            let _ = empty.send(batch);
        }
        total
    });
    checked(BATCH, (now_ns() - began) as f64 / 1e9, count, total)
}

struct Detector {
    commands: Commands,
    chunks: Pool<u64>,
}

impl Source for Detector {
    type Out = Chunk<u64>;
    fn next(&mut self) -> Result<Option<Chunk<u64>>> {
        let Some(number) = self.commands.next()? else {
            return Ok(None);
        };
        let mut chunk = self.chunks.take()?;
        fill(number, &mut chunk);
        Ok(Some(chunk))
    }
}

/// Adds up for itself, and tells at the end.
#[derive(Default)]
struct Counter(u64);

impl Expand for Counter {
    type In = Chunk<u64>;
    type Out = u64;
    fn expand(&mut self, chunk: Chunk<u64>, _: &mut impl Outlet<u64>) -> Result<()> {
        self.0 = self.0.wrapping_add(sum(&chunk));
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(self.0)
    }
}

fn hand_offs(count: u64, context: Context) -> Outcome {
    let marks = Marks::new();
    let acquisition = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        pool chunks(CHUNK_ROOM) of [u64; CHUNK];
        source(Detector {
            commands: Commands { next: 0, count: *count, marks: marks.clone() },
            chunks: chunks.clone(),
        }) -> pipe -> balanced fork(2) { processor(Counter::default()) } -> pipe -> join merge;
    };
    let parts = acquisition.context(context).run(()).map(|part| part.expect("it runs"));
    let total = parts.fold(0, u64::wrapping_add);
    checked(CHUNK, marks.seconds_until(now_ns()), count, total)
}

fn hand_offs_by_crossbeam(count: u64) -> Outcome {
    let (full, to_read) = bounded::<Box<[u64]>>(CHUNK_ROOM);
    let (empty, to_fill) = bounded::<Box<[u64]>>(CHUNK_ROOM);
    (0..CHUNK_ROOM).for_each(|_| empty.send(vec![0; CHUNK].into()).expect("there is room"));
    let began = now_ns();
    let total = std::thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..count {
                let mut chunk = to_fill.recv().expect("they come back");
                fill(number, &mut chunk);
                full.send(chunk).expect("it is received");
            }
            to_fill // kept until the last one is back
        });
        let workers = [0, 1].map(|_| {
            let (to_read, empty) = (to_read.clone(), empty.clone());
            scope.spawn(move || {
                to_read.iter().fold(0u64, |total, chunk| {
                    let total = total.wrapping_add(sum(&chunk));
                    let _ = empty.send(chunk);
                    total
                })
            })
        });
        drop(to_read);
        workers.into_iter().map(|worker| worker.join().expect("it adds up")).fold(0, u64::wrapping_add)
    });
    checked(CHUNK, (now_ns() - began) as f64 / 1e9, count, total)
}
