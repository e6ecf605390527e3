//! What the machine gives: cache lines from one thread to another through a ring that is nothing but two indices. It knows
//! no end of the stream, nobody sleeps, and nothing survives a crash.

use super::Outcome;
use super::pipe::{ROOM, threads};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering};

const WORDS: usize = 8;
const BATCH: u64 = 64;

#[derive(Default)]
#[repr(align(64))]
struct Line([AtomicU64; WORDS]);

/// Alone in a pair of lines, as processors fetch them.
#[derive(Default)]
#[repr(align(128))]
pub struct Index(pub AtomicU64);

pub fn run(count: u64) -> Outcome {
    let lines: Vec<Line> = (0..ROOM).map(|_| Line::default()).collect();
    let (tail, head) = (Index::default(), Index::default());
    let line = |number: u64| &lines[number as usize % ROOM].0;
    let fill = || {
        for first in (0..count).step_by(BATCH as usize) {
            let end = count.min(first + BATCH);
            while end - head.0.load(Ordering::Acquire) > ROOM as u64 {
                spin_loop();
            }
            for number in first..end {
                line(number)
                    .iter()
                    .zip(number..)
                    .for_each(|(word, value)| word.store(value, Ordering::Relaxed));
            }
            tail.0.store(end, Ordering::Release);
        }
    };
    let total = || {
        let (mut sum, mut seen) = (0u64, 0);
        while seen < count {
            let end = tail.0.load(Ordering::Acquire).min(seen + BATCH);
            if end == seen {
                spin_loop();
                continue;
            }
            for number in seen..end {
                sum = sum.wrapping_add(line(number)[0].load(Ordering::Relaxed));
            }
            head.0.store(end, Ordering::Release);
            seen = end;
        }
        sum
    };
    threads::<WORDS>(count, fill, total)
}
