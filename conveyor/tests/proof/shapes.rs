//! The shapes of pipelines, with rings of 4 slots and pools of 2 chunks.

use crate::course::{Case, Order};
use crate::every::{Odds, Tally, every};
use crate::runner::{Tests, rounds};
use crate::scribbled::{Outcomes, scribbled};
use crate::stages::{Closing, Count, Fill, FillMany, Split, Sum, Swap, Triangle, changed};
use conveyor::{Chunk, Message, Pipeline, pipeline};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;
use std::time::Duration;

/// With every other seed the neighbours of a victim get on more often while it stands still.
fn odds(seed: u64) -> Odds {
    Odds { others: if seed.is_multiple_of(2) { 8 } else { 2 }, again: 16, really: 12 }
}

/// Positions are kept modulo these in claim words, tags, and everywhere else.
const ORIGINS: [(&str, u64); 4] =
    [("", 0), ("_at_2_to_32", (1 << 32) - 3), ("_at_2_to_39", (1 << 39) - 3), ("_at_2_to_64", u64::MAX - 2)];

/// Goes through a shape, with the chances that come of the seed.
type Every = Rc<dyn Fn(u64) -> Result<Tally, String>>;

/// Runs a shape once, with the chances that come of the seed, while its memory is scribbled over.
type Scribbled = Rc<dyn Fn(u64, &mut Outcomes) -> Result<(), String>>;

/// So often in a round.
const SCRIBBLED: u64 = 60;

/// What can be done to a shape.
#[derive(Clone)]
struct Shape {
    every: Every,
    scribbled: Scribbled,
}

/// Shapes by name.
#[derive(Default)]
pub(crate) struct Shapes(BTreeMap<String, Shape>);

impl Shapes {
    /// Goes through a shape, with the chances that come of the seed.
    pub(crate) fn every(&self, name: &str, seed: u64) -> Result<Tally, String> {
        let shape = self.0.get(name).ok_or_else(|| format!("there is no shape `{name}`"))?;
        (shape.every)(seed)
    }

    pub(crate) fn tests(&self, tests: &mut Tests) {
        for (name, Shape { every, scribbled }) in &self.0 {
            let (every, scribbled) = (every.clone(), scribbled.clone());
            tests.add(format!("every::{name}"), move || {
                let mut tally = Tally::default();
                for seed in 0..u64::from(rounds()) {
                    tally += every(seed)?;
                }
                Ok(format!("{tally:?}"))
            });
            tests.add(format!("scribbled::{name}"), move || {
                let mut outcomes = Outcomes::default();
                for seed in 0..SCRIBBLED * u64::from(rounds()) {
                    scribbled(seed, &mut outcomes)?;
                }
                Ok(format!("{outcomes:?}"))
            });
        }
    }

    /// Adds a shape, at all origins.
    fn shape<In, Out>(&mut self, name: &str, order: Order, pipeline: Pipeline<In, Out>, inputs: Vec<In>)
    where
        In: Message + Clone + 'static,
        Out: Message + Clone + Ord + Debug + 'static,
    {
        self.everywhere(name, Case { pipeline, inputs, order, origin: 0, mark: None, right: None });
    }

    /// The same case, at all origins.
    fn everywhere<In, Out>(&mut self, name: &str, case: Case<In, Out>)
    where
        In: Message + Clone + 'static,
        Out: Message + Clone + Ord + Debug + 'static,
    {
        for (at, origin) in ORIGINS {
            self.add(&format!("{name}{at}"), Case { origin, ..case.clone() });
        }
    }

    fn add<In, Out>(&mut self, name: &str, case: Case<In, Out>)
    where
        In: Message + Clone + 'static,
        Out: Message + Clone + Ord + Debug + 'static,
    {
        let case: &'static _ = Box::leak(Box::new(case));
        let shape = Shape {
            every: Rc::new(move |seed| every(case, odds(seed), seed)),
            scribbled: Rc::new(move |seed, outcomes| scribbled(case, seed, outcomes)),
        };
        self.0.insert(name.to_owned(), shape);
    }
}

pub(crate) fn shapes() -> Shapes {
    let mut shapes = Shapes::default();
    let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> processor(|x| x * 3) };
    shapes.shape("one_to_one", Order::Kept, row, (0..12).collect());
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe [batch = 3] -> processor(|x| x * 3) -> pipe [batch = 3] -> processor(|x| x)
    };
    shapes.shape("one_to_one_in_batches", Order::Kept, row, (0..12).collect());
    let expand = pipeline! {
        <u64 -> u64>;
        flat_map(|x| (0..x % 4).map(move |k| x * 10 + k)) -> pipe [batch = 2] -> processor(|x| x)
    };
    shapes.shape("any_number_of_outputs", Order::Kept, expand, (0..12).collect());
    let zip = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x + 1), processor(|x| x * 2) } -> pipe -> join zip
    };
    shapes.shape("replicate_and_zip", Order::Kept, zip, (0..8).collect());
    let merge = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x + 100), processor(|x| x * 2) }
            -> pipe -> join merge
    };
    shapes.shape("replicate_and_merge", Order::Any, merge, (0..8).collect());
    let balanced = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(|x| x + 100) } -> pipe -> join merge
    };
    shapes.shape("balanced_and_merge", Order::Any, balanced, (0..8).collect());
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { flat_map(|x| (0..x % 3).map(move |k| x * 10 + k)) }
            -> pipe -> join ordered
    };
    shapes.shape("balanced_and_ordered", Order::Kept, ordered, (0..12).collect());
    let ranges = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(16) [batch = 8] -> balanced fork(2) { flat_map(|x| (0..x % 3).map(move |k| x * 10 + k)) }
            -> pipe [batch = 4] -> join ordered
    };
    shapes.shape("balanced_in_ranges", Order::Kept, ranges, (0..32).collect());
    let in_turn = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(3) [policy = round_robin, window = 3] { filter(|x| x % 3 > 0) }
            -> pipe -> join ordered
    };
    shapes.shape("balanced_in_turn_with_a_window", Order::Kept, in_turn, (0..12).collect());
    let relays = pipeline! {
        <u64 -> (u64, u64, u64)>;
        processor(|x| x) -> pipe
            -> replicated fork { pipe, processor(|x| x * 2), pipe -> balanced fork(2) { processor(|x| x + 1) } -> pipe -> join ordered }
            -> pipe -> join zip;
    };
    shapes.shape("relays", Order::Kept, relays, (0..8).collect());
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) [fuse = next] -> pipe -> flat_map(|x| (0..x % 3).map(move |k| x * 10 + k)) [fuse = next]
            -> pipe -> processor(|x| x) -> pipe -> processor(|x| x)
    };
    shapes.shape("a_fused_row", Order::Kept, row, (0..12).collect());
    let texts = pipeline! {
        <String -> String>;
        processor(|s: &str| s.to_uppercase()) -> pipe -> filter(|s| s.len() % 3 > 0) -> pipe -> processor(|s: String| s)
    };
    let sizes = [3, 1500, 0, 700, 16, 2900, 64, 1];
    let inputs = (0..8).map(|x| ["a", "b", "c"][x % 3].repeat(sizes[x % sizes.len()])).collect();
    shapes.shape("texts_in_the_arena", Order::Kept, texts, inputs);
    let newest = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(2) [when_full = drop_newest, batch = 1] -> processor(|x| x)
    };
    shapes.shape("the_newest_are_dropped", Order::Lossy, newest, (0..12).collect());
    let oldest = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(2) [when_full = drop_oldest] -> processor(|x| x)
    };
    shapes.shape("the_oldest_are_dropped", Order::Lossy, oldest, (0..12).collect());
    let oldest = pipeline! {
        <u32 -> u32>;
        pool frames(6) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe(2) [when_full = drop_oldest]
            -> balanced fork(2) { processor(|chunk: &[u32]| chunk[0]) } -> pipe(2) -> join ordered
    };
    shapes.shape("the_oldest_chunks_are_dropped_from_an_order", Order::Lossy, oldest, (0..12).collect());
    let chunks = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> processor(|chunk: Chunk<u32>| chunk)
            -> pipe -> processor(|chunk: &[u32]| chunk.iter().fold(0, |sum: u32, x| sum.wrapping_add(*x)))
    };
    shapes.shape("exclusive_chunks", Order::Kept, chunks, (0..8).collect());
    let in_place = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> processor(changed) -> pipe -> processor(changed)
            -> pipe -> processor(|chunk: &[u32]| chunk.iter().fold(0, |sum: u32, x| sum.wrapping_add(*x)))
    };
    shapes.shape("chunks_changed_in_place", Order::Kept, in_place, (0..8).collect());
    let pairs = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(|x| x) -> pipe -> replicated fork { processor(Fill(frames.clone())) [stateless], processor(Fill(frames.clone())) [stateless] }
            -> pipe -> join zip -> pipe
            -> processor(|(left, right): (Chunk<u32>, Chunk<u32>)| (changed(left), changed(changed(right)))) [fuse = next]
            -> pipe -> processor(|(left, right): (Chunk<u32>, Chunk<u32>)| (changed(right), left))
            -> pipe -> processor(|(left, right): (Chunk<u32>, Chunk<u32>)| left[3].wrapping_mul(1000).wrapping_add(right[0]))
    };
    shapes.shape("two_chunks_changed_in_one_step", Order::Kept, pairs, (0..6).collect());
    let shared = pipeline! {
        <u32 -> (u32, u32)>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> replicated fork {
            processor(|chunk: Chunk<u32>| chunk[0] + 1),
            processor(|chunk: &[u32]| chunk[3]),
        } -> pipe -> join zip
    };
    shapes.shape("shared_chunks", Order::Kept, shared, (0..8).collect());
    let many = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(FillMany(frames.clone())) [stateless, deterministic] -> pipe(2)
            -> processor(|chunk: &[u32]| chunk.iter().fold(0, |sum: u32, x| sum.wrapping_add(*x)))
    };
    shapes.shape("more_chunks_than_a_pool_has", Order::Kept, many, (0..4).collect());
    let parted = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> processor(Split) [stateless, deterministic] -> pipe(2)
            -> processor(|(x, chunk): (u32, Option<Chunk<u32>>)| chunk.map_or(x, |chunk| x.wrapping_add(changed(chunk)[3])))
    };
    shapes.shape("chunks_that_leave_with_a_part", Order::Kept, parted, (0..6).collect());
    let parted = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> replicated fork {
            processor(Split) [stateless, deterministic],
            processor(|chunk: Chunk<u32>| (1000, Some(chunk))),
        } -> pipe(2) -> join merge -> pipe(2)
            -> processor(|(x, chunk): (u32, Option<Chunk<u32>>)| chunk.map_or(x, |chunk| x.wrapping_add(changed(chunk)[3])))
    };
    shapes.shape("shared_chunks_that_leave_with_a_part", Order::Any, parted, (0..3).collect());
    // several are under way, so that some steps are over and not published when another waits for room
    let kept = pipeline! {
        <u32 -> u32>;
        pool frames(5) of [u32; 4];
        processor(Fill(frames.clone())) [stateless] -> pipe -> processor(Swap(None)) [stateless] -> pipe [batch = 4]
            -> processor(|(text, chunk): (String, Option<Chunk<u32>>)| chunk.map_or(0, |chunk| chunk[3]).wrapping_add(text.len() as u32))
    };
    shapes.shape("a_chunk_that_is_kept", Order::Kept, kept, (0..8).collect());
    let finishes = pipeline! {
        <u64 -> u64>;
        processor(Closing) [stateless] -> pipe -> processor(|x| x)
    };
    shapes.shape("outputs_at_the_end", Order::Kept, finishes.clone(), (0..4).collect());
    let marked = Case {
        pipeline: finishes,
        inputs: (0..6).collect(),
        order: Order::Kept,
        origin: 0,
        mark: Some(3),
        right: Some([0, 1, 2].into_iter().chain(100..106).chain(3..6).chain(200..206).collect()),
    };
    shapes.add("outputs_at_a_mark", marked);
    let long = pipeline! {
        <u64 -> u64>;
        flat_map(|x| (0..x % 8).map(move |k| x * 10 + k)) [deterministic] -> pipe -> processor(|x| x)
    };
    shapes.shape("more_outputs_than_a_ring_holds", Order::Kept, long, (0..8).collect());
    let sinks = pipeline! {
        <u64 -> ()>;
        processor(|x| x) -> pipe -> replicated fork { sink(|_: u64| ()), pipe -> balanced fork(2) { sink(|_: u64| ()) } };
    };
    shapes.shape("sinks", Order::Kept, sinks, (0..8).collect());
    let sinks = pipeline! {
        <u64 -> ()>;
        processor(|x| x) -> pipe(32) [batch = 8]
            -> replicated fork { sink(|_: u64| ()), pipe -> balanced fork(2) { sink(|_: u64| ()) } };
    };
    shapes.shape("sinks_that_take_batches", Order::Kept, sinks, (0..32).collect());
    let row = pipeline! {
        <u64 -> ()>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(|x| x) } -> pipe(2)
            -> join ordered -> processor(|x: u64| x) [fuse = next, deadline = Duration::from_secs(3600)] -> pipe -> sink(|_: u64| ());
    };
    // taken singly: the slot of the one before is the writer's again when the next is asked for
    let (inputs, right) = ((0..16).collect(), Some(Vec::new()));
    let row = Case { pipeline: row, inputs, order: Order::Kept, origin: 0, mark: None, right };
    shapes.everywhere("a_fused_sink_behind_an_ordered_join", row);
    let nested = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> balanced fork(2) {
            processor(|x| x) -> pipe -> replicated fork { processor(|x| x + 1), processor(|x| x * 2) } -> pipe -> join zip
        } -> pipe -> join ordered
    };
    shapes.shape("a_zip_in_an_ordered_fork", Order::Kept, nested, (0..8).collect());
    let sums = pipeline! {
        <u64 -> u64>;
        processor(Sum(0)) -> pipe [batch = 2] -> processor(Sum(0)) -> pipe -> filter(|x| *x < 100)
    };
    shapes.shape("state_in_a_checkpoint", Order::Kept, sums, (0..10).collect());
    let total = pipeline! { <u64 -> ()>; processor(|x| x) -> pipe(32) [batch = 8] -> sink(Triangle { sum: 0, count: 0 }) };
    shapes.shape("a_sink_with_a_checkpoint", Order::Kept, total, (0..32).collect());
    let counts = pipeline! { <() -> u64>; source(Count(0)) -> pipe -> processor(|x| x) };
    shapes.shape("a_source_with_a_checkpoint", Order::Kept, counts, Vec::new());
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next] -> pipe -> flat_map(|x| (0..6).map(move |k| x * 10 + k)) -> pipe -> processor(|x| x)
    };
    shapes.shape("a_source_row_with_a_checkpoint_that_fills_its_pipe", Order::Kept, row, Vec::new());
    let numbers = pipeline! { <() -> u64>; source(0..12u64) [deterministic] -> pipe -> processor(|x| x) };
    shapes.shape("an_iterator", Order::Kept, numbers, Vec::new());
    shapes
}
