//! The pipelines that are proven, with rings of 4 slots and pools of 2 chunks.

use crate::caller::Mark;
use crate::course::{Case, Order};
use crate::shapes::Shapes;
use crate::stages::{
    Closing, Count, Fill, FillMany, Many, PassOn, Split, Sum, Swap, Telling, Triangle, changed,
};
use conveyor::{Chunk, Pipeline, pipeline};
use std::time::Duration;

/// All of them.
pub(crate) fn all() -> Shapes {
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
    shapes.shape("replicate_and_zip", Order::Kept, zip.clone(), (0..8).collect());
    shapes.everywhere("a_mark_in_a_zip", Case::new(zip, Order::Kept, (0..8).collect()).marked(5));
    let merge = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x + 100), processor(|x| x * 2) }
            -> pipe -> join merge
    };
    shapes.shape("replicate_and_merge", Order::Any, merge.clone(), (0..8).collect());
    shapes.everywhere("a_mark_in_a_merge", Case::new(merge, Order::Any, (0..8).collect()).marked(5));
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
    shapes.shape("balanced_and_ordered", Order::Kept, ordered.clone(), (0..12).collect());
    shapes.everywhere("a_mark_in_an_order", Case::new(ordered, Order::Kept, (0..12).collect()).marked(7));
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
    shapes.shape("a_fused_row", Order::Kept, row.clone(), (0..12).collect());
    shapes.everywhere("a_mark_in_a_fused_row", Case::new(row, Order::Kept, (0..12).collect()).marked(6));
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
    let passed_on = pipeline! {
        <u32 -> u32>;
        pool frames(2) of [u32; 4];
        processor(PassOn(frames.clone())) [stateless, deterministic] -> pipe
            -> processor(|chunk: &[u32]| chunk.iter().fold(0, |sum: u32, x| sum.wrapping_add(*x)))
    };
    shapes.shape("a_chunk_passed_on_before_two_more_are_taken", Order::Kept, passed_on, (0..4).collect());
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
    let right = [0, 1, 2].into_iter().chain(100..106).chain(3..6).chain(200..206).collect();
    let marked = Case { right: Some(right), ..Case::new(finishes, Order::Kept, (0..6).collect()).marked(3) };
    shapes.everywhere("outputs_at_a_mark", marked);
    let long = pipeline! {
        <u64 -> u64>;
        flat_map(|x| (0..x % 8).map(move |k| x * 10 + k)) [deterministic] -> pipe -> processor(|x| x)
    };
    shapes.shape("more_outputs_than_a_ring_holds", Order::Kept, long, (0..8).collect());
    let sinks = pipeline! {
        <u64 -> ()>;
        processor(|x| x) -> pipe -> replicated fork { sink(|_: u64| ()), pipe -> balanced fork(2) { sink(|_: u64| ()) } };
    };
    shapes.shape("sinks", Order::Kept, sinks.clone(), (0..8).collect());
    shapes.everywhere("a_mark_that_sinks_take", Case::new(sinks, Order::Kept, (0..8).collect()).marked(5));
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
    shapes.everywhere(
        "a_fused_sink_behind_an_ordered_join",
        Case { right, ..Case::new(row, Order::Kept, inputs) },
    );
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
    let large = pipeline! { <u64 -> u64>; processor(Many([0; 40])) -> pipe [batch = 2] -> processor(|x| x) };
    shapes.shape("a_large_state_in_a_checkpoint", Order::Kept, large, (0..10).collect());
    let total =
        pipeline! { <u64 -> ()>; processor(|x| x) -> pipe(32) [batch = 8] -> sink(Triangle::default()) };
    shapes.shape("a_sink_with_a_checkpoint", Order::Kept, total, (0..32).collect());
    let counts = pipeline! { <() -> u64>; source(Count(0)) -> pipe -> processor(|x| x) };
    shapes.shape("a_source_with_a_checkpoint", Order::Kept, counts, Vec::new());
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next] -> pipe -> flat_map(|x| (0..6).map(move |k| x * 10 + k)) -> pipe -> processor(|x| x)
    };
    shapes.shape("a_source_row_with_a_checkpoint_that_fills_its_pipe", Order::Kept, row, Vec::new());
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next] -> pipe -> processor(Closing) [stateless, deterministic] -> pipe -> processor(|x| x)
    };
    shapes.shape("a_source_row_with_a_checkpoint_whose_end_fills_its_pipe", Order::Kept, row, Vec::new());
    let numbers = pipeline! { <() -> u64>; source(0..12u64) [deterministic] -> pipe -> processor(|x| x) };
    shapes.shape("an_iterator", Order::Kept, numbers, Vec::new());
    marks_for_sources(&mut shapes);
    shapes
}

/// The caller sets a flush mark while sources give, and they pass it.
fn marks_for_sources(shapes: &mut Shapes) {
    let of_source = |pipeline, mark| Case::new(pipeline, Order::Kept, Vec::new()).with(mark);
    let counts = pipeline! { <() -> u64>; source(Count(0)) -> pipe -> processor(|x| x) };
    shapes.everywhere("a_mark_for_a_source", of_source(counts.clone(), Mark::Output(3)));
    shapes.everywhere("a_mark_before_anything_is_given", of_source(counts.clone(), Mark::Output(0)));
    shapes.everywhere("a_mark_when_a_source_ends", of_source(counts, Mark::Late(12)));
    let numbers =
        pipeline! { <() -> u64>; source(0..12u64) [deterministic] -> pipe [batch = 3] -> processor(|x| x) };
    shapes.everywhere("a_mark_for_an_iterator", of_source(numbers.clone(), Mark::Output(2)));
    shapes.everywhere("marks_for_an_iterator", of_source(numbers, Mark::Each(2)));
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next] -> pipe -> flat_map(|x| (0..6).map(move |k| x * 10 + k)) -> pipe -> processor(|x| x)
    };
    shapes.everywhere("a_mark_in_a_source_row_that_fills_its_pipe", of_source(row, Mark::Output(8)));
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next] -> pipe -> filter(|x| x % 6 > 0) [fuse = next] -> pipe -> processor(Sum(0))
            -> pipe -> processor(|x| x)
    };
    shapes.everywhere("a_mark_in_a_source_row_that_filters", of_source(row, Mark::Output(1)));
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next, deterministic] -> pipe -> processor(Telling::default()) [deterministic] -> pipe
            -> processor(|x| x)
    };
    let flushed =
        |mark, before| (0..6).map(|more| Telling::at_mark(mark as u64, before as u64, more)).collect();
    let told = Case { flushed, right: Some((1..13).collect()), ..of_source(row, Mark::Output(3)) };
    shapes.everywhere("a_source_row_that_tells_at_a_mark_what_it_has_taken", told.clone());
    shapes.everywhere("a_source_row_that_tells_at_each_mark", told.with(Mark::Each(2)));
    let row = pipeline! {
        <() -> u64>;
        source(Count(0)) [fuse = next] -> pipe -> processor(Closing) [stateless, deterministic] -> pipe -> processor(|x| x)
    };
    let flushed = |_, _| (100..106).collect();
    let closing = Case { flushed, ..of_source(row, Mark::Output(3)) };
    shapes.everywhere("a_mark_that_fills_the_pipe_of_a_source_row", closing.clone());
    // the first output of its end has come: it is too late
    shapes.everywhere("a_mark_behind_the_end_of_a_source_row", closing.with(Mark::Late(13)));
    let merged = pipeline! {
        <() -> u64>;
        source here = Count(0);
        source there [deterministic] = 100..108;
        join merge both;
        here -> pipe -> both;
        there -> pipe -> both;
        both -> pipe -> processor(|x| x)
    };
    let merged = Case::new(merged, Order::Any, Vec::new()).with(Mark::Output(3));
    shapes.everywhere("a_mark_for_two_sources", merged);
    let beside = pipeline! {
        <u64 -> u64>;
        source there = Count(0);
        join merge both;
        processor(|x| x + 100) -> pipe -> both;
        there -> pipe -> both;
        both -> pipe -> processor(|x| x)
    };
    let beside = Case::new(beside, Order::Any, (0..8).collect()).marked(5);
    shapes.everywhere("a_mark_with_a_source_beside_the_head", beside);
    let sinks = pipeline! {
        <() -> ()>;
        source(Count(0)) -> pipe -> processor(|x| x - 1) -> pipe -> sink(Triangle::default())
    };
    shapes.everywhere("a_mark_of_a_source_that_a_sink_takes", of_sinks(sinks));
    let row = pipeline! {
        <() -> ()>;
        source(Count(0)) [fuse = next] -> pipe -> processor(|x| x - 1) [fuse = next]
            -> pipe -> sink(Triangle::default())
    };
    shapes.everywhere("a_mark_in_a_source_row_with_its_sink", of_sinks(row));
}

/// The caller sets a mark and waits for the sinks.
fn of_sinks(pipeline: Pipeline<(), ()>) -> Case<(), ()> {
    Case::new(pipeline, Order::Kept, Vec::new()).with(Mark::Late(0))
}
