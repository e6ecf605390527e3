//! One pipe with large buffers, filled and read in place: chunks here, recycled boxes or loans elsewhere.

use super::pipe::digest;
use super::{Outcome, System, iceoryx, system};
use crate::clock::{Marks, began, ended, now_ns};
use crate::usage::Spent;
use conveyor::{Chunk, Context, Pool, Result, Sink, Source, pipeline};
use crossbeam_channel::bounded;
use rtrb::{Consumer, RingBuffer};
use std::path::PathBuf;

const WORDS_64K: usize = 8 << 10;
const WORDS_1M: usize = 128 << 10;
const WORDS_4M: usize = 512 << 10;

pub const SYSTEMS_64K: &[System] = &[
    system("conveyor", "processes", |scale| ours(WORDS_64K, scale.items(200_000))),
    system("crossbeam", "threads", |scale| crossbeam(WORDS_64K, scale.items(200_000))),
    system("rtrb-polling", "threads", |scale| rtrb(WORDS_64K, scale.items(200_000))),
    system("iceoryx2-polling", "processes", |scale| iceoryx::run_large(WORDS_64K, scale.items(50_000))),
];

pub const SYSTEMS_1M: &[System] = &[
    system("conveyor", "processes", |scale| ours(WORDS_1M, scale.items(10_000))),
    system("crossbeam", "threads", |scale| crossbeam(WORDS_1M, scale.items(10_000))),
    system("rtrb-polling", "threads", |scale| rtrb(WORDS_1M, scale.items(10_000))),
    system("iceoryx2-polling", "processes", |scale| iceoryx::run_large(WORDS_1M, scale.items(5_000))),
];

pub const SYSTEMS_4M: &[System] = &[
    system("conveyor", "processes", |scale| ours(WORDS_4M, scale.items(2_500))),
    system("crossbeam", "threads", |scale| crossbeam(WORDS_4M, scale.items(2_500))),
    system("rtrb-polling", "threads", |scale| rtrb(WORDS_4M, scale.items(2_500))),
    system("iceoryx2-polling", "processes", |scale| iceoryx::run_large(WORDS_4M, scale.items(2_500))),
];

/// How many buffers there are: all together 8 MiB, but at least two.
pub fn room(words: usize) -> usize {
    ((8 << 20) / (words * 8)).clamp(2, 64)
}

#[inline(always)]
fn fill(number: u64, words: &mut [u64]) {
    (number..).zip(words).for_each(|(value, word)| *word = value);
}

/// The outcome, if the checksum is right.
pub fn checked(words: usize, spent: Spent, count: u64, checksum: u64) -> Outcome {
    let mut first = vec![0; words];
    fill(0, &mut first);
    // Every word that counts grows by one from a message to the next.
    let (lines, firsts) = (words.div_ceil(8) as u64, digest(&first).wrapping_mul(count));
    let expected = (0..count).fold(firsts, |sum, number| sum.wrapping_add(number.wrapping_mul(lines)));
    assert_eq!(checksum, expected, "messages were lost, doubled or damaged");
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
    sum: u64,
    marks: PathBuf,
}

impl Sink for Total {
    type In = Chunk<u64>;
    fn consume(&mut self, buffer: Chunk<u64>) -> Result<()> {
        self.sum = self.sum.wrapping_add(digest(&buffer));
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        ended(&self.marks, self.sum);
        Ok(())
    }
}

fn ours(words: usize, count: u64) -> Outcome {
    let marks = Marks::new();
    let one_pipe = pipeline! {
        (marks: PathBuf = marks.path(), words: usize = words, count: u64 = count, chunks: usize = room(words));
        pool buffers(chunks) of [u64; words];
        source(Buffers { next: 0, count: *count, pool: buffers.clone(), marks: marks.clone() })
            -> pipe -> sink(Total { sum: 0, marks: marks.clone() });
    };
    one_pipe.context(Context::Processes).run_to_end(()).expect("the pipeline runs");
    let (spent, checksum) = marks.read();
    checked(words, spent, count, checksum)
}

fn crossbeam(words: usize, count: u64) -> Outcome {
    let (full, to_read) = bounded::<Box<[u64]>>(room(words));
    let (empty, to_fill) = bounded::<Box<[u64]>>(room(words));
    for _ in 0..room(words) {
        empty.send(vec![0; words].into()).expect("there is room");
    }
    let (spent, checksum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || {
            for number in 0..count {
                let mut buffer = to_fill.recv().expect("they come back");
                fill(number, &mut buffer);
                full.send(buffer).expect("it is received");
            }
            to_fill // kept until the last one is back
        });
        let mut sum = 0u64;
        for buffer in to_read {
            sum = sum.wrapping_add(digest(&buffer));
            let _ = empty.send(buffer);
        }
        (Spent::since(began), sum)
    });
    checked(words, spent, count, checksum)
}

/// Boxes that come back through a second ring: nothing but two indices each, as many boxes as take turns fastest, and nobody
/// sleeps. So it shows what the machine gives.
fn rtrb(words: usize, count: u64) -> Outcome {
    fn pop(from: &mut Consumer<Box<[u64]>>) -> Box<[u64]> {
        loop {
            match from.pop() {
                Ok(buffer) => return buffer,
                Err(_) => std::hint::spin_loop(),
            }
        }
    }
    let boxes = ((4 << 20) / (words * 8)).max(2);
    let (mut full, mut to_read) = RingBuffer::new(boxes);
    let (mut empty, mut to_fill) = RingBuffer::new(boxes);
    for _ in 0..boxes {
        empty.push(vec![0; words].into()).expect("there is room");
    }
    let (spent, sum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || {
            for number in 0..count {
                let mut buffer = pop(&mut to_fill);
                fill(number, &mut buffer);
                full.push(buffer).expect("there is room for all");
            }
            to_fill // kept until the last one is back
        });
        let mut sum = 0u64;
        for _ in 0..count {
            let buffer = pop(&mut to_read);
            sum = sum.wrapping_add(digest(&buffer));
            empty.push(buffer).expect("there is room for all");
        }
        (Spent::since(began), sum)
    });
    checked(words, spent, count, sum)
}
