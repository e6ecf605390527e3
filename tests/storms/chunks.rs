//! Chunks of pools so small that one which is lost stops everything, and one that is there twice is seen.

use crate::weather::{HARD, MANY, storm};
use conveyor::{Chunk, Pipeline, pipeline};

const LEN: usize = 1000;
const FRAMES: u64 = 2000;
/// What the second processor adds to each number.
const CHANGED: u64 = 1 << 40;

/// The number of a chunk, which has to be whole.
fn number(chunk: &[u64]) -> u64 {
    assert!(chunk.len() == LEN && chunk.iter().all(|x| *x == chunk[0]), "a chunk is used twice at once");
    chunk[0]
}

fn all<Out: conveyor::Message + PartialEq + std::fmt::Debug>(
    frames: &Pipeline<u64, Out>,
    expected: impl Fn(u64) -> Out,
) {
    storm(HARD, |_| {
        let outputs: Result<Vec<Out>, conveyor::Error> = frames.run(0..FRAMES).collect();
        let outputs = outputs.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(outputs, (0..FRAMES).map(&expected).collect::<Vec<_>>());
    });
}

pipeline! {
    Filled<u64 -> Chunk<u64>>;
    pool frames(2) of [u64; LEN];
    processor filled [stateless, restart = on_crash(MANY)] = {
        let pool = frames.clone();
        move |x: u64| {
            let mut chunk = pool.take().expect("the run goes on");
            chunk.fill(x);
            chunk
        }
    };
    filled
}

/// In place, so that it shows if it happens twice, or half of it.
fn changed(mut chunk: Chunk<u64>) -> Chunk<u64> {
    chunk.iter_mut().for_each(|x| *x += CHANGED);
    chunk
}

#[test]
fn exclusive_chunks() {
    let row = pipeline! {
        <u64 -> u64>;
        pipeline filled = Filled;
        filled -> pipe -> processor(changed) [restart = on_crash(MANY)] -> pipe -> processor(changed) [restart = on_crash(MANY)]
            -> pipe -> processor(|chunk: &[u64]| number(chunk)) [restart = on_crash(MANY)];
    };
    all(&row, |x| x + 2 * CHANGED);
}

/// What is the same if half of it has happened already need not be kept.
#[test]
fn chunks_changed_without_a_copy() {
    let row = pipeline! {
        <u64 -> u64>;
        pipeline filled = Filled;
        filled -> pipe -> processor(|mut chunk: Chunk<u64>| {
            chunk.iter_mut().for_each(|x| *x |= CHANGED);
            chunk
        }) [deterministic, restart = on_crash(MANY)] -> pipe -> processor(|chunk: &[u64]| number(chunk)) [restart = on_crash(MANY)];
    };
    all(&row, |x| x | CHANGED);
}

#[test]
fn shared_chunks() {
    let tuples = pipeline! {
        <u64 -> (u64, u64, u64)>;
        pipeline filled = Filled;
        filled -> pipe -> replicated fork {
            processor(|chunk: &[u64]| number(chunk)) [restart = on_crash(MANY)],
            processor(changed) [restart = on_crash(MANY)] -> pipe(1)
                -> processor(|chunk: &[u64]| number(chunk)) [restart = on_crash(MANY)],
            processor(|chunk: &[u64]| number(chunk) * 2) [restart = on_crash(MANY)],
        } -> pipe -> join zip;
    };
    all(&tuples, |x| (x, x + CHANGED, 2 * x));
}

/// They come out in order, and go back when the caller drops them.
#[test]
fn chunks_of_a_farm_for_the_caller() {
    let farm = pipeline! {
        <u64 -> Chunk<u64>>;
        pipeline filled = Filled;
        filled -> pipe -> balanced fork(2) { processor(changed) [restart = on_crash(MANY)] } -> pipe -> join ordered;
    };
    storm(HARD, |_| {
        let chunks = farm.run(0..FRAMES).map(|chunk| chunk.map(|chunk| number(&chunk)));
        let numbers: Vec<u64> = chunks.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(numbers, (0..FRAMES).map(|x| x + CHANGED).collect::<Vec<_>>());
    });
}
