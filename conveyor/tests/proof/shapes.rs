//! The shapes of pipelines, with rings of 4 slots and pools of 2 chunks.

use crate::course::{Case, Order};
use crate::every::{Odds, every};
use crate::runner::Tests;
use conveyor::{Chunk, Message, Pipeline, Pool, Processor, Result, pipeline};
use std::fmt::Debug;

const ODDS: Odds = Odds { others: 8, again: 16 };

/// Adds a shape.
fn shape<In, Out>(
    tests: &mut Tests<'_>,
    name: &str,
    order: Order,
    pipeline: Pipeline<In, Out>,
    inputs: Vec<In>,
) where
    In: Message + Clone + 'static,
    Out: Message + Clone + Ord + Debug + 'static,
{
    let case: &'static _ = Box::leak(Box::new(Case { pipeline, inputs, order, origin: 0 }));
    tests.add(format!("every::{name}"), move || {
        let tally = every(case, ODDS, 1)?;
        Ok(format!("{tally:?}"))
    });
}

pub(crate) fn tests(tests: &mut Tests<'_>) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> processor(|x| x * 3) };
    shape(tests, "one_to_one", Order::Kept, row, (0..12).collect());
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe [batch = 3] -> processor(|x| x * 3) -> pipe [batch = 3] -> processor(|x| x)
    };
    shape(tests, "one_to_one_in_batches", Order::Kept, row, (0..12).collect());
    let expand = pipeline! {
        <u64 -> u64>;
        flat_map(|x| (0..x % 4).map(move |k| x * 10 + k)) -> pipe [batch = 2] -> processor(|x| x)
    };
    shape(tests, "any_number_of_outputs", Order::Kept, expand, (0..12).collect());
    let zip = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x + 1), processor(|x| x * 2) } -> pipe -> join zip
    };
    shape(tests, "replicate_and_zip", Order::Kept, zip, (0..8).collect());
    let merge = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x + 100), processor(|x| x * 2) }
            -> pipe -> join merge
    };
    shape(tests, "replicate_and_merge", Order::Any, merge, (0..8).collect());
    let balanced = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(|x| x + 100) } -> pipe -> join merge
    };
    shape(tests, "balanced_and_merge", Order::Any, balanced, (0..8).collect());
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { flat_map(|x| (0..x % 3).map(move |k| x * 10 + k)) }
            -> pipe -> join ordered
    };
    shape(tests, "balanced_and_ordered", Order::Kept, ordered, (0..12).collect());
    let ranges = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(8) [batch = 4] -> balanced fork(2) { processor(|x| x + 100) } -> pipe(8) [batch = 4]
            -> join ordered
    };
    shape(tests, "balanced_in_ranges", Order::Kept, ranges, (0..32).collect());
    let in_turn = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(3) [policy = round_robin, window = 3] { filter(|x| x % 3 > 0) }
            -> pipe -> join ordered
    };
    shape(tests, "balanced_in_turn_with_a_window", Order::Kept, in_turn, (0..12).collect());
    let relays = pipeline! {
        <u64 -> (u64, u64, u64)>;
        processor(|x| x) -> pipe
            -> replicated fork { pipe, processor(|x| x * 2), pipe -> balanced fork(2) { processor(|x| x + 1) } -> pipe -> join ordered }
            -> pipe -> join zip;
    };
    shape(tests, "relays", Order::Kept, relays, (0..8).collect());
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) [fuse = next] -> pipe -> flat_map(|x| (0..x % 3).map(move |k| x * 10 + k)) [fuse = next]
            -> pipe -> processor(|x| x) -> pipe -> processor(|x| x)
    };
    shape(tests, "a_fused_row", Order::Kept, row, (0..12).collect());
    let texts = pipeline! {
        <String -> String>;
        processor(|s: &str| s.to_uppercase()) -> pipe -> filter(|s| s.len() % 3 > 0) -> pipe -> processor(|s: String| s)
    };
    let sizes = [3, 1500, 0, 700, 16, 2900, 64, 1, 1300];
    let inputs = (0..12).map(|x| ["a", "b", "c"][x % 3].repeat(sizes[x % sizes.len()])).collect();
    shape(tests, "texts_in_the_arena", Order::Kept, texts, inputs);
    let newest = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(2) [when_full = drop_newest, batch = 1] -> processor(|x| x)
    };
    shape(tests, "the_newest_are_dropped", Order::Lossy, newest, (0..12).collect());
    let oldest = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(2) [when_full = drop_oldest] -> processor(|x| x)
    };
    shape(tests, "the_oldest_are_dropped", Order::Lossy, oldest, (0..12).collect());
    let chunks = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> processor(|chunk: Chunk<u32>| chunk)
            -> pipe -> processor(|chunk: &[u32]| chunk.iter().sum::<u32>())
    };
    shape(tests, "exclusive_chunks", Order::Kept, chunks, (0..8).collect());
    let shared = pipeline! {
        <u32 -> (u32, u32)>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> replicated fork {
            processor(|chunk: Chunk<u32>| chunk[0] + 1),
            processor(|chunk: &[u32]| chunk[3]),
        } -> pipe -> join zip
    };
    shape(tests, "shared_chunks", Order::Kept, shared, (0..8).collect());
}

/// Fills a chunk with its input.
struct Fill(Pool<u32>);

impl Processor for Fill {
    type In = u32;
    type Out = Chunk<u32>;
    fn process(&mut self, input: u32) -> Result<Chunk<u32>> {
        let mut chunk = self.0.take()?;
        chunk.fill(input);
        Ok(chunk)
    }
}
