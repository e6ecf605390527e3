//! One pipe from a source to a sink. Every message is written in full, read at each cache line, and adds to a checksum.

use super::unix_pipe::{self, Buffers};
use super::{Outcome, System, bare_ring, iceoryx, system};
use crate::clock::{Marks, began, ended, now_ns};
use crate::usage::Spent;
use conveyor::{Context, Ref, Result, Sink, Source, pipeline};
use std::path::PathBuf;

/// The room of every rival's queue, in messages; ours has as much by default.
pub const ROOM: usize = 8192;

pub const SYSTEMS_8: &[System] = &[
    system("conveyor", "processes", |scale| ours::<1>(scale.items(50_000_000))),
    system("crossbeam", "threads", |scale| crossbeam::<1>(scale.items(5_000_000))),
    system("crossbeam-by-1024", "threads", |scale| crossbeam_by_1024::<1>(scale.items(50_000_000))),
    system("kanal", "threads", |scale| kanal::<1>(scale.items(5_000_000))),
    system("rtrb-32", "threads", |scale| rtrb::<1>(scale.items(50_000_000))),
    system("iceoryx2-polling", "processes", |scale| iceoryx::run::<1>(scale.items(2_000_000))),
    system("unix-pipe", "processes", |scale| unix_pipe::run::<1>(scale.items(2_000_000), Buffers::None)),
    system("unix-pipe-64k", "processes", |scale| {
        unix_pipe::run::<1>(scale.items(50_000_000), Buffers::Of64Ki)
    }),
];

pub const SYSTEMS_64: &[System] = &[
    system("conveyor", "processes", |scale| ours::<8>(scale.items(20_000_000))),
    system("crossbeam", "threads", |scale| crossbeam::<8>(scale.items(5_000_000))),
    system("crossbeam-by-1024", "threads", |scale| crossbeam_by_1024::<8>(scale.items(20_000_000))),
    system("kanal", "threads", |scale| kanal::<8>(scale.items(5_000_000))),
    system("rtrb-32", "threads", |scale| rtrb::<8>(scale.items(20_000_000))),
    system("bare-ring", "threads", |scale| bare_ring::run(scale.items(20_000_000))),
    system("iceoryx2-polling", "processes", |scale| iceoryx::run::<8>(scale.items(2_000_000))),
    system("unix-pipe", "processes", |scale| unix_pipe::run::<8>(scale.items(2_000_000), Buffers::None)),
    system("unix-pipe-64k", "processes", |scale| {
        unix_pipe::run::<8>(scale.items(20_000_000), Buffers::Of64Ki)
    }),
];

pub const SYSTEMS_1K: &[System] = &[
    system("conveyor", "processes", |scale| ours::<128>(scale.items(5_000_000))),
    system("crossbeam", "threads", |scale| crossbeam::<128>(scale.items(3_000_000))),
    system("crossbeam-by-1024", "threads", |scale| crossbeam_by_1024::<128>(scale.items(3_000_000))),
    system("kanal", "threads", |scale| kanal::<128>(scale.items(3_000_000))),
    system("rtrb-32", "threads", |scale| rtrb::<128>(scale.items(3_000_000))),
    system("iceoryx2-polling", "processes", |scale| iceoryx::run::<128>(scale.items(2_000_000))),
    system("unix-pipe", "processes", |scale| unix_pipe::run::<128>(scale.items(2_000_000), Buffers::None)),
    system("unix-pipe-64k", "processes", |scale| {
        unix_pipe::run::<128>(scale.items(3_000_000), Buffers::Of64Ki)
    }),
];

/// The message with a number, written in full.
#[inline(always)]
pub fn message<const W: usize>(number: u64) -> [u64; W] {
    std::array::from_fn(|word| number.wrapping_add(word as u64))
}

/// What a message adds to the checksum: one word of each of its cache lines.
#[inline(always)]
pub fn digest(words: &[u64]) -> u64 {
    words.iter().step_by(8).fold(0, |sum, word| sum.wrapping_add(*word))
}

/// The outcome, if the checksum is right.
pub fn checked<const W: usize>(spent: Spent, count: u64, checksum: u64) -> Outcome {
    let expected = (0..count).fold(0u64, |sum, number| sum.wrapping_add(digest(&message::<W>(number))));
    assert_eq!(checksum, expected, "messages were lost, doubled or damaged");
    Outcome::new(spent, count)
}

struct Numbers<const W: usize> {
    next: u64,
    count: u64,
    marks: PathBuf,
}

impl<const W: usize> Source for Numbers<W> {
    type Out = [u64; W];
    #[inline]
    fn next(&mut self) -> Result<Option<[u64; W]>> {
        if self.next == 0 {
            began(&self.marks);
        }
        let number = self.next;
        self.next += 1;
        Ok((number < self.count).then(|| message(number)))
    }
}

struct Total<const W: usize> {
    sum: u64,
    marks: PathBuf,
}

impl<const W: usize> Sink for Total<W> {
    type In = Ref<[u64; W]>;
    #[inline]
    fn consume(&mut self, words: &[u64]) -> Result<()> {
        self.sum = self.sum.wrapping_add(digest(words));
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        ended(&self.marks, self.sum);
        Ok(())
    }
}

fn ours<const W: usize>(count: u64) -> Outcome {
    let marks = Marks::new();
    let one_pipe = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        source(Numbers::<W> { next: 0, count: *count, marks: marks.clone() })
            -> pipe -> sink(Total::<W> { sum: 0, marks: marks.clone() });
    };
    one_pipe.context(Context::Processes).run_to_end(()).expect("the pipeline runs");
    let (spent, checksum) = marks.read();
    checked::<W>(spent, count, checksum)
}

/// Two threads: one fills, the other gives the checksum.
pub fn threads<const W: usize>(
    count: u64,
    fill: impl FnOnce() + Send,
    total: impl FnOnce() -> u64,
) -> Outcome {
    let (spent, checksum) = std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(fill);
        let checksum = total();
        (Spent::since(began), checksum)
    });
    checked::<W>(spent, count, checksum)
}

fn crossbeam<const W: usize>(count: u64) -> Outcome {
    let (sender, receiver) = crossbeam_channel::bounded::<[u64; W]>(ROOM);
    let fill = move || (0..count).for_each(|number| sender.send(message(number)).expect("it is received"));
    threads::<W>(count, fill, move || receiver.iter().fold(0, |sum, words| sum.wrapping_add(digest(&words))))
}

/// At its best: vectors travel, and come back to be filled again.
fn crossbeam_by_1024<const W: usize>(count: u64) -> Outcome {
    const BATCH: u64 = 1024;
    let batches = ROOM / BATCH as usize;
    let (full, to_read) = crossbeam_channel::bounded::<Vec<[u64; W]>>(batches);
    let (empty, to_fill) = crossbeam_channel::bounded::<Vec<[u64; W]>>(batches);
    for _ in 0..batches {
        empty.send(Vec::with_capacity(BATCH as usize)).expect("there is room");
    }
    let fill = move || {
        for first in (0..count).step_by(BATCH as usize) {
            let mut batch = to_fill.recv().expect("they come back");
            batch.extend((first..count.min(first + BATCH)).map(message::<W>));
            full.send(batch).expect("it is received");
        }
    };
    let total = move || {
        let mut sum = 0u64;
        for mut batch in to_read {
            sum = batch.iter().fold(sum, |sum, words| sum.wrapping_add(digest(words)));
            batch.clear();
            let _ = empty.send(batch); // the sender may have ended
        }
        sum
    };
    threads::<W>(count, fill, total)
}

fn kanal<const W: usize>(count: u64) -> Outcome {
    let (sender, receiver) = kanal::bounded::<[u64; W]>(ROOM);
    let fill = move || (0..count).for_each(|number| sender.send(message(number)).expect("it is received"));
    let total = move || {
        let mut sum = 0u64;
        while let Ok(words) = receiver.recv() {
            sum = sum.wrapping_add(digest(&words));
        }
        sum
    };
    threads::<W>(count, fill, total)
}

/// In chunks of 32, spinning, as its own benchmarks do.
fn rtrb<const W: usize>(count: u64) -> Outcome {
    const CHUNK: usize = 32;
    let (mut producer, mut consumer) = rtrb::RingBuffer::<[u64; W]>::new(ROOM);
    let fill = move || {
        let mut number = 0;
        while number < count {
            let wanted = CHUNK.min((count - number) as usize);
            match producer.write_chunk_uninit(wanted) {
                Ok(chunk) => {
                    chunk.fill_from_iter((number..).map(message));
                    number += wanted as u64;
                }
                Err(_) => std::hint::spin_loop(),
            }
        }
    };
    let total = move || {
        let (mut sum, mut seen) = (0u64, 0);
        while seen < count {
            let ready = CHUNK.min((count - seen) as usize);
            match consumer.read_chunk(ready) {
                Ok(chunk) => {
                    let (first, second) = chunk.as_slices();
                    sum = first.iter().chain(second).fold(sum, |sum, words| sum.wrapping_add(digest(words)));
                    chunk.commit_all();
                    seen += ready as u64;
                }
                Err(_) => std::hint::spin_loop(),
            }
        }
        sum
    };
    threads::<W>(count, fill, total)
}
