//! Chunks: large buffers that cross the graph by handle.

use crate::harness::{Place, sorted};
use conveyor::{Chunk, Context, Pool, Processor, Result, Source, pipeline};

in_every_context! {
    chunks_pass_a_row chunks_are_reused chunks_through_a_replicated_fork chunks_through_balanced_forks
    chunks_that_are_dropped_on_the_way chunks_for_the_caller every_taker_has_chunks_of_its_own
}

const LEN: usize = 10_000;

/// Fills every chunk with its number.
struct Frames {
    pool: Pool<u64>,
    next: u64,
    count: u64,
}

impl Frames {
    fn new(pool: &Pool<u64>, count: u64) -> Frames {
        Frames { pool: pool.clone(), next: 0, count }
    }
}

impl Source for Frames {
    type Out = Chunk<u64>;
    fn next(&mut self) -> Result<Option<Chunk<u64>>> {
        if self.next == self.count {
            return Ok(None);
        }
        let mut chunk = self.pool.take()?;
        chunk.fill(self.next);
        self.next += 1;
        Ok(Some(chunk))
    }
}

/// The number of a chunk, which has to be whole.
fn number(chunk: &[u64]) -> u64 {
    assert_eq!(chunk.len(), LEN);
    assert!(chunk.iter().all(|x| *x == chunk[0]), "a chunk is used twice at once");
    chunk[0]
}

fn chunks_pass_a_row(place: Place) {
    let row = pipeline! {
        <() -> u64>;
        pool frames(4) of [u64; LEN];
        source(Frames::new(frames, 300)) -> pipe -> processor(|mut chunk: Chunk<u64>| {
            chunk.iter_mut().for_each(|x| *x += 1);
            chunk
        }) -> pipe -> processor(|chunk: &[u64]| number(chunk))
    };
    assert_eq!(place.all(row), (1..=300).collect::<Vec<_>>());
}

fn chunks_are_reused(place: Place) {
    let row = pipeline! {
        <() -> u64>;
        pool frames(1) of [u64; LEN];
        source(Frames::new(frames, 200)) -> pipe -> processor(|chunk: &[u64]| number(chunk))
    };
    assert_eq!(place.all(row), (0..200).collect::<Vec<_>>());
}

fn chunks_through_a_replicated_fork(place: Place) {
    let pairs = pipeline! {
        <() -> (u64, u64, u64)>;
        pool frames(3) of [u64; LEN];
        source(Frames::new(frames, 200)) -> pipe -> replicated fork {
            processor(|chunk: &[u64]| number(chunk)),
            processor(|chunk: Chunk<u64>| chunk) -> pipe(1) -> processor(|chunk: &[u64]| number(chunk)),
            processor(|chunk: &[u64]| number(chunk) * 2),
        } -> pipe -> join zip
    };
    assert_eq!(place.all(pairs), (0..200).map(|x| (x, x, 2 * x)).collect::<Vec<_>>());
}

fn chunks_through_balanced_forks(place: Place) {
    let ordered = pipeline! {
        <() -> u64>;
        pool frames(6) of [u64; LEN];
        source(Frames::new(frames, 300)) -> pipe(2) -> balanced fork(2) {
            processor(|chunk: Chunk<u64>| chunk) -> pipe(1) -> processor(|chunk: Chunk<u64>| chunk)
        } -> pipe -> join ordered -> processor(|chunk: &[u64]| number(chunk))
    };
    assert_eq!(place.all(ordered), (0..300).collect::<Vec<_>>());
    let merged = pipeline! {
        <() -> u64>;
        pool frames(2) of [u64; LEN];
        source(Frames::new(frames, 300)) -> pipe -> balanced fork(2) {
            processor(|chunk: &[u64]| number(chunk))
        } -> pipe -> join merge
    };
    assert_eq!(sorted(place.all(merged)), (0..300).collect::<Vec<_>>());
}

/// Takes a chunk for every chunk.
struct Copies(Pool<u64>);

impl Processor for Copies {
    type In = Chunk<u64>;
    type Out = Chunk<u64>;
    fn process(&mut self, chunk: Chunk<u64>) -> Result<Chunk<u64>> {
        let mut copy = self.0.take()?;
        copy.copy_from_slice(&chunk);
        Ok(copy)
    }
}

/// Fused or not: what one stage has taken is not taken from the other.
fn every_taker_has_chunks_of_its_own(place: Place) {
    let row = pipeline! {
        <() -> u64>;
        pool frames(1) of [u64; LEN];
        source(Frames::new(frames, 100)) -> pipe -> processor(Copies(frames.clone()))
            -> pipe -> processor(|chunk: &[u64]| number(chunk))
    };
    assert_eq!(place.all(row), (0..100).collect::<Vec<_>>());
}

/// Keeps a chunk for one message: it is held back by nobody for long.
struct OneLate(Option<Chunk<u64>>);
impl Processor for OneLate {
    type In = Chunk<u64>;
    type Out = Option<Chunk<u64>>;
    fn process(&mut self, chunk: Chunk<u64>) -> Result<Option<Chunk<u64>>> {
        Ok(self.0.replace(chunk))
    }
}

fn chunks_that_are_dropped_on_the_way(place: Place) {
    let some = pipeline! {
        <() -> u64>;
        pool frames(2) of [u64; LEN];
        source(Frames::new(frames, 300)) -> pipe -> filter_map(|chunk: Chunk<u64>| {
            chunk[0].is_multiple_of(3).then_some(chunk)
        }) -> pipe -> processor(|chunk: &[u64]| number(chunk))
    };
    assert_eq!(place.all(some), (0..300).step_by(3).collect::<Vec<_>>());
    let late = pipeline! {
        <() -> u64>;
        pool frames(3) of [u64; LEN];
        source(Frames::new(frames, 100)) -> pipe -> processor(OneLate(None))
            -> pipe -> processor(|chunk: Option<Chunk<u64>>| chunk.map_or(u64::MAX, |chunk| number(&chunk)))
    };
    let expected: Vec<u64> = std::iter::once(u64::MAX).chain(0..99).collect();
    assert_eq!(place.all(late), expected);
}

fn chunks_for_the_caller(place: Place) {
    let frames = pipeline! {
        <() -> Chunk<u64>>;
        pool frames(3) of [u64; LEN];
        source(Frames::new(frames, 100)) -> pipe -> processor(|chunk: Chunk<u64>| chunk)
    };
    let run = place.of(frames).run(());
    let numbers: Vec<u64> = run.map(|chunk| number(&chunk.expect("the run succeeds"))).collect();
    assert_eq!(numbers, (0..100).collect::<Vec<_>>());
}

/// Gives chunks that say which message was last in them.
struct Before {
    pool: Pool<u64>,
}

impl Processor for Before {
    type In = u64;
    type Out = Chunk<u64>;
    fn process(&mut self, x: u64) -> Result<Chunk<u64>> {
        let mut chunk = self.pool.take()?;
        chunk[1] = chunk[0];
        chunk[0] = x;
        Ok(chunk)
    }
}

/// One that has just come back lies in the caches of another core, and would have to be fetched from there line by line.
#[test]
fn in_shared_memory_the_chunk_that_has_been_out_longest_comes_first() {
    let before = pipeline! {
        <u64 -> u64>;
        pool chunks(3) of [u64; 2];
        processor(Before { pool: chunks.clone() }) -> pipe -> processor(|chunk: &[u64]| chunk[1])
    };
    let mut running = before.context(Context::Processes).start().expect("it starts");
    let one_by_one = (1..=9).map(|x| {
        running.send(x).expect("there is room");
        running.recv().expect("it comes out")
    });
    assert_eq!(one_by_one.collect::<Vec<u64>>(), [0, 0, 0, 1, 2, 3, 4, 5, 6]);
}
