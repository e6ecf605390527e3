//! One pipe with large buffers, filled and read in place: chunks here, recycled boxes or loans elsewhere.

use super::pipe::digest;
use super::{Outcome, System, iceoryx};
use crate::clock::{Marks, began, ended, now_ns};
use conveyor::{Chunk, Context, Pool, Result, Sink, Source, pipeline};
use crossbeam_channel::bounded;
use std::path::PathBuf;

const WORDS_64K: usize = 8 << 10;
const WORDS_1M: usize = 128 << 10;
const WORDS_4M: usize = 512 << 10;

const fn system(name: &'static str, context: &'static str, run: fn() -> Outcome) -> System {
    System { name, context, run }
}

pub const SYSTEMS_64K: &[System] = &[
    system("conveyor", "processes", || ours(WORDS_64K, 200_000)),
    system("crossbeam", "threads", || crossbeam(WORDS_64K, 200_000)),
    system("iceoryx2-polling", "processes", || iceoryx::run_large(WORDS_64K, 50_000)),
];

pub const SYSTEMS_1M: &[System] = &[
    system("conveyor", "processes", || ours(WORDS_1M, 10_000)),
    system("crossbeam", "threads", || crossbeam(WORDS_1M, 10_000)),
    system("iceoryx2-polling", "processes", || iceoryx::run_large(WORDS_1M, 5_000)),
];

pub const SYSTEMS_4M: &[System] = &[
    system("conveyor", "processes", || ours(WORDS_4M, 2_500)),
    system("crossbeam", "threads", || crossbeam(WORDS_4M, 2_500)),
    system("iceoryx2-polling", "processes", || iceoryx::run_large(WORDS_4M, 2_500)),
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
pub fn checked(words: usize, seconds: f64, count: u64, checksum: u64) -> Outcome {
    let mut first = vec![0; words];
    fill(0, &mut first);
    // Every word that counts grows by one from a message to the next.
    let (lines, firsts) = (words.div_ceil(8) as u64, digest(&first).wrapping_mul(count));
    let expected = (0..count).fold(firsts, |sum, number| sum.wrapping_add(number.wrapping_mul(lines)));
    assert_eq!(checksum, expected, "messages were lost, doubled or damaged");
    Outcome::new(seconds, count)
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
    let (seconds, checksum) = marks.read();
    checked(words, seconds, count, checksum)
}

fn crossbeam(words: usize, count: u64) -> Outcome {
    let (full, to_read) = bounded::<Box<[u64]>>(room(words));
    let (empty, to_fill) = bounded::<Box<[u64]>>(room(words));
    for _ in 0..room(words) {
        empty.send(vec![0; words].into()).expect("there is room");
    }
    let (seconds, checksum) = std::thread::scope(|scope| {
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
        ((now_ns() - began) as f64 / 1e9, sum)
    });
    checked(words, seconds, count, checksum)
}
