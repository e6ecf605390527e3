//! Frames of 1920x1080: five blurs, shared by two workers, in order; then a threshold, and the run lengths.

use super::{Outcome, System, system};
use crate::clock::{Marks, began, ended, now_ns};
use crate::usage::Spent;
use conveyor::{Chunk, Context, Pool, Processor, Result, Sink, Source, pipeline};
use crossbeam_channel::bounded;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

const WIDTH: usize = 1920;
pub const PIXELS: usize = WIDTH * 1080;
const COUNT: u64 = 500;
pub const BUFFERS: usize = 8;

pub const SYSTEMS: &[System] = &[
    system("conveyor", "processes", |scale| ours(scale.items(COUNT))),
    system("conveyor-in-place", "processes", |scale| in_place(scale.items(COUNT))),
    system("crossbeam", "threads", |scale| crossbeam(scale.items(COUNT))),
    system("rayon", "threads", |scale| rayon(scale.items(COUNT))),
    system("loop", "serial", |scale| plain_loop(scale.items(COUNT))),
];

pub fn expose(number: u64, pixels: &mut [u8]) {
    let shift = number as usize * 7;
    pixels.iter_mut().enumerate().for_each(|(index, pixel)| *pixel = ((index + shift) >> 3) as u8);
}

/// Each row on its own: a quarter of the pixel before, half of the pixel, a quarter of the next.
#[inline(always)]
fn blur_row(row: &[u8], line: &mut [u8]) {
    let blurred = row
        .windows(3)
        .map(|near| ((u16::from(near[0]) + 2 * u16::from(near[1]) + u16::from(near[2])) / 4) as u8);
    line[1..WIDTH - 1].iter_mut().zip(blurred).for_each(|(pixel, blurred)| *pixel = blurred);
}

fn blur(pixels: &mut [u8], row: &mut [u8; WIDTH]) {
    for line in pixels.chunks_exact_mut(WIDTH) {
        row.copy_from_slice(line);
        blur_row(row, line);
    }
}

pub fn five_blurs(pixels: &mut [u8]) {
    let mut row = [0; WIDTH];
    (0..5).for_each(|_| blur(pixels, &mut row));
}

/// The first one into another buffer, the others there.
fn five_blurs_into(from: &[u8], to: &mut [u8]) {
    for (row, line) in from.chunks_exact(WIDTH).zip(to.chunks_exact_mut(WIDTH)) {
        line.copy_from_slice(row);
        blur_row(row, line);
    }
    let mut row = [0; WIDTH];
    (0..4).for_each(|_| blur(to, &mut row));
}

pub fn threshold(pixels: &mut [u8]) {
    pixels.iter_mut().for_each(|pixel| *pixel = if *pixel > 127 { 255 } else { 0 });
}

/// How many runs of equal pixels there are.
pub fn runs(pixels: &[u8]) -> u64 {
    1 + pixels.windows(2).map(|pair| u64::from(pair[0] != pair[1])).sum::<u64>()
}

pub fn fold(total: u64, runs: u64) -> u64 {
    total.wrapping_mul(31).wrapping_add(runs)
}

fn of_one(number: u64, pixels: &mut [u8]) -> u64 {
    expose(number, pixels);
    five_blurs(pixels);
    threshold(pixels);
    runs(pixels)
}

pub fn checked(count: u64, spent: Spent, total: u64) -> Outcome {
    let all: Vec<u64> = (0..count)
        .into_par_iter()
        .map_init(|| vec![0; PIXELS], |pixels, number| of_one(number, pixels))
        .collect();
    assert_eq!(total, all.into_iter().fold(0, fold), "frames were lost, doubled, damaged or out of order");
    Outcome::new(spent, count)
}

struct Camera {
    next: u64,
    count: u64,
    frames: Pool<u8>,
    marks: PathBuf,
}

impl Source for Camera {
    type Out = Chunk<u8>;
    fn next(&mut self) -> Result<Option<Chunk<u8>>> {
        if self.next == 0 {
            began(&self.marks);
        }
        if self.next == self.count {
            return Ok(None);
        }
        let mut frame = self.frames.take()?;
        expose(self.next, &mut frame);
        self.next += 1;
        Ok(Some(frame))
    }
}

struct Total {
    total: u64,
    marks: PathBuf,
}

impl Sink for Total {
    type In = u64;
    fn consume(&mut self, runs: u64) -> Result<()> {
        self.total = fold(self.total, runs);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        ended(&self.marks, self.total);
        Ok(())
    }
}

/// Reads frames and fills others.
struct Blur(Pool<u8>);

impl Processor for Blur {
    type In = Chunk<u8>;
    type Out = Chunk<u8>;
    fn process(&mut self, frame: Chunk<u8>) -> Result<Chunk<u8>> {
        let mut blurred = self.0.take()?;
        five_blurs_into(&frame, &mut blurred);
        Ok(blurred)
    }
}

/// Frames are blurred into chunks of the worker's own, as many as there are of both. To do a threshold twice, or once more
/// on a half of the frame, changes nothing.
fn ours(count: u64) -> Outcome {
    let marks = Marks::new();
    let film = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        pool frames(BUFFERS / 4) of [u8; PIXELS];
        pool blurred(BUFFERS * 3 / 8) of [u8; PIXELS];
        processor black_and_white [deterministic] = |mut frame: Chunk<u8>| {
            threshold(&mut frame);
            frame
        };
        source(Camera { next: 0, count: *count, frames: frames.clone(), marks: marks.clone() })
            -> pipe -> balanced fork(2) { processor(Blur(blurred.clone())) } -> pipe -> join ordered
            -> black_and_white
            -> pipe -> processor(|frame: Chunk<u8>| runs(&frame))
            -> pipe -> sink(Total { total: 0, marks: marks.clone() });
    };
    film.context(Context::Processes).run_to_end(()).expect("the pipeline runs");
    let (spent, total) = marks.read();
    checked(count, spent, total)
}

/// The same with each frame changed where it is, as on threads: what it was is copied for a replacement, twice.
fn in_place(count: u64) -> Outcome {
    let marks = Marks::new();
    let film = pipeline! {
        (marks: PathBuf = marks.path(), count: u64 = count);
        pool frames(BUFFERS) of [u8; PIXELS];
        source(Camera { next: 0, count: *count, frames: frames.clone(), marks: marks.clone() })
            -> pipe -> balanced fork(2) {
                processor(|mut frame: Chunk<u8>| {
                    five_blurs(&mut frame);
                    frame
                })
            } -> pipe -> join ordered
            -> processor(|mut frame: Chunk<u8>| {
                threshold(&mut frame);
                frame
            })
            -> pipe -> processor(|frame: Chunk<u8>| runs(&frame))
            -> pipe -> sink(Total { total: 0, marks: marks.clone() });
    };
    film.context(Context::Processes).run_to_end(()).expect("the pipeline runs");
    let (spent, total) = marks.read();
    checked(count, spent, total)
}

/// A pool of boxes that come back, and a map that restores the order. `frame` says when a frame was taken, and may wait
/// for that; `counted` gets that again, with the number of runs.
pub fn crossbeam_film(
    count: u64,
    mut frame: impl FnMut(u64) -> u64 + Send,
    mut counted: impl FnMut(u64, u64),
) {
    let ((empty, to_expose), (exposed, to_blur)) = (bounded::<Vec<u8>>(BUFFERS), bounded(BUFFERS));
    let ((blurred, to_sort), (sorted, to_count)) = (bounded(BUFFERS), bounded(BUFFERS));
    (0..BUFFERS).for_each(|_| empty.send(vec![0; PIXELS]).expect("there is room"));
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..count {
                let mut pixels = to_expose.recv().expect("they come back");
                let taken = frame(number);
                expose(number, &mut pixels);
                exposed.send((number, taken, pixels)).expect("received");
            }
            to_expose // kept until the last one is back
        });
        for _ in 0..2 {
            let (to_blur, blurred) = (to_blur.clone(), blurred.clone());
            scope.spawn(move || {
                for (number, taken, mut pixels) in to_blur {
                    five_blurs(&mut pixels);
                    blurred.send((number, taken, pixels)).expect("received");
                }
            });
        }
        drop((to_blur, blurred));
        scope.spawn(move || {
            let (mut early, mut next) = (BTreeMap::new(), 0);
            for (number, taken, pixels) in to_sort {
                early.insert(number, (taken, pixels));
                while let Some((taken, mut pixels)) = early.remove(&next) {
                    threshold(&mut pixels);
                    sorted.send((taken, pixels)).expect("received");
                    next += 1;
                }
            }
        });
        for (taken, pixels) in to_count {
            counted(taken, runs(&pixels));
            let _ = empty.send(pixels);
        }
    });
}

fn crossbeam(count: u64) -> Outcome {
    let (began, mut total) = (now_ns(), 0);
    crossbeam_film(count, |_| 0, |_, runs| total = fold(total, runs));
    checked(count, Spent::since(began), total)
}

/// No stages: each frame from the beginning to the end on one thread.
fn rayon(count: u64) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
    let began = now_ns();
    let all: Vec<u64> = pool.install(|| {
        let numbers = (0..count).into_par_iter();
        numbers.map_init(|| vec![0; PIXELS], |pixels, number| of_one(number, pixels)).collect()
    });
    let total = all.into_iter().fold(0, fold);
    checked(count, Spent::since(began), total)
}

fn plain_loop(count: u64) -> Outcome {
    let mut pixels = vec![0; PIXELS];
    let began = now_ns();
    let total = (0..count).fold(0, |total, number| fold(total, of_one(number, &mut pixels)));
    checked(count, Spent::since(began), total)
}
