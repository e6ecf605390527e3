//! Shapes of graphs, over numbers and texts.

use crate::weather::{Force, GENTLE, HARD, MANY, storm};
use conveyor::{Checkpoint, Expand, Fuse, Message, Outlet, Pipeline, Processor, Result, pipeline};

/// Exactly these outputs, in this order.
fn in_order<In: Message, Out: Message + PartialEq + std::fmt::Debug>(
    force: Force,
    pipeline: Pipeline<In, Out>,
    input: impl Fn(u64) -> In,
    expected: impl Fn(u64) -> Vec<Out>,
) {
    storm(force, |storm| {
        let (count, outputs) = storm.outputs(pipeline.clone(), &input);
        let expected: Vec<Out> = (0..count).flat_map(&expected).collect();
        same(&outputs, &expected);
    });
}

/// Exactly these outputs, in whatever order.
fn in_any_order<Out: Message + Ord + std::fmt::Debug>(
    force: Force,
    pipeline: Pipeline<u64, Out>,
    expected: impl Fn(u64) -> Vec<Out>,
) {
    storm(force, |storm| {
        let (count, mut outputs) = storm.outputs(pipeline.clone(), |x| x);
        let mut expected: Vec<Out> = (0..count).flat_map(&expected).collect();
        outputs.sort();
        expected.sort();
        same(&outputs, &expected);
    });
}

fn same<T: PartialEq + std::fmt::Debug>(outputs: &[T], expected: &[T]) {
    let first = outputs.iter().zip(expected).position(|(output, expected)| output != expected);
    let at = first.unwrap_or(outputs.len().min(expected.len()));
    assert!(
        first.is_none() && outputs.len() == expected.len(),
        "{} outputs instead of {}; the first that differs is {at}: {:?} instead of {:?}",
        outputs.len(),
        expected.len(),
        outputs.get(at),
        expected.get(at),
    );
}

#[test]
fn rows() {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) [restart = on_crash(MANY)] -> pipe(4) -> processor(|x| x * 3) [restart = on_crash(MANY)]
            -> pipe(64) -> processor(|x| x ^ 5) [restart = on_crash(MANY)]
    };
    in_order(HARD, row, |x| x, |x| vec![((x + 1) * 3) ^ 5]);
}

/// Pipes that hold enough for the longest batches, which come when nobody sleeps.
#[test]
fn rows_in_long_batches() {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) [restart = on_crash(MANY)] -> pipe
            -> flat_map(|x| (0..x % 3).map(move |n| x * 10 + n)) [restart = on_crash(MANY)] -> pipe
            -> processor(|x| x ^ 5) [restart = on_crash(MANY)]
    };
    let expected = |x: u64| (0..(x + 1) % 3).map(|n| ((x + 1) * 10 + n) ^ 5).collect();
    in_order(HARD, row, |x| x, expected);
}

/// As the usual rule has it: no worker dies too often without getting further.
#[test]
fn rows_by_the_usual_rule() {
    let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe(16) -> processor(|x| x * 3) };
    in_order(GENTLE, row, |x| x, |x| vec![(x + 1) * 3]);
}

#[test]
fn any_number_of_outputs() {
    let expanded = pipeline! {
        <u64 -> u64>;
        flat_map(|x| (0..x % 4).map(move |n| x * 10 + n)) [restart = on_crash(MANY)] -> pipe(8)
            -> filter(|x| x % 3 != 0) [restart = on_crash(MANY)] -> pipe(8)
            -> filter_map(|x| (x % 5 != 0).then_some(x + 1)) [restart = on_crash(MANY)]
    };
    let expected = |x: u64| {
        let all = (0..x % 4).map(|n| x * 10 + n).filter(|x| !x.is_multiple_of(3) && !x.is_multiple_of(5));
        all.map(|x| x + 1).collect()
    };
    in_order(HARD, expanded, |x| x, expected);
}

#[test]
fn more_outputs_than_room() {
    let flood = pipeline! {
        <u64 -> u64>;
        flat_map(|x| x * 100..x * 100 + x % 13) [deterministic, restart = on_crash(MANY)] -> pipe(4)
            -> processor(|x| x + 1) [restart = on_crash(MANY)]
    };
    in_order(GENTLE, flood, |x| x, |x| (x * 100 + 1..=x * 100 + x % 13).collect());
}

#[test]
fn zips() {
    let zip = pipeline! {
        <u64 -> (u64, u64, u64)>;
        processor(|x| x) [restart = on_crash(MANY)] -> pipe(8) -> replicated fork {
            processor(|x| x + 1) [restart = on_crash(MANY)],
            processor(|x| x * 2) [restart = on_crash(MANY)] -> pipe(2) -> processor(|x| x + 7) [restart = on_crash(MANY)],
            pipe,
        } -> pipe(8) -> join zip
    };
    in_order(HARD, zip, |x| x, |x| vec![(x + 1, x * 2 + 7, x)]);
}

#[test]
fn replicated_and_merged() {
    storm(HARD, |storm| {
        let merge = pipeline! {
            <u64 -> (bool, u64)>;
            processor(|x| x) [restart = on_crash(MANY)] -> pipe(16) -> replicated fork {
                processor(|x| (false, x)) [restart = on_crash(MANY)],
                processor(|x| (true, x)) [restart = on_crash(MANY)],
            } -> pipe(16) -> join merge -> processor(|x| x) [restart = on_crash(MANY)]
        };
        let (count, outputs) = storm.outputs(merge, |x| x);
        for branch in [false, true] {
            let of_branch: Vec<u64> =
                outputs.iter().filter(|(of, _)| *of == branch).map(|(_, x)| *x).collect();
            same(&of_branch, &(0..count).collect::<Vec<_>>());
        }
        assert_eq!(outputs.len() as u64, 2 * count);
    });
}

#[test]
fn balanced_and_merged() {
    let shared = pipeline! {
        <u64 -> u64>;
        processor(|x| x) [restart = on_crash(MANY)] -> pipe(64)
            -> balanced fork(3) { flat_map(|x| 3 * x..3 * x + x % 4) [restart = on_crash(MANY)] } -> pipe(16) -> join merge
            -> processor(|x| x) [restart = on_crash(MANY)]
    };
    in_any_order(HARD, shared, |x| (3 * x..3 * x + x % 4).collect());
}

#[test]
fn balanced_and_ordered() {
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) [restart = on_crash(MANY)] -> pipe(64)
            -> balanced fork(3) { flat_map(|x| 3 * x..3 * x + x % 4) [restart = on_crash(MANY)] } -> pipe(16) -> join ordered
            -> processor(|x| x) [restart = on_crash(MANY)]
    };
    in_order(HARD, ordered, |x| x, |x| (3 * x..3 * x + x % 4).collect());
}

#[test]
fn unlike_branches_in_turn() {
    let shared = pipeline! {
        <u64 -> u64>;
        processor(|x| x) [restart = on_crash(MANY)] -> pipe(32) -> balanced fork [policy = round_robin] {
            processor(|x| x + 1) [restart = on_crash(MANY)],
            processor(|x| x + 1) [restart = on_crash(MANY)] -> pipe(4) -> processor(|x| x) [restart = on_crash(MANY)],
        } -> pipe(8) -> join ordered
    };
    in_order(HARD, shared, |x| x, |x| vec![x + 1]);
}

#[test]
fn relays() {
    let relayed = pipeline! {
        <u64 -> u64>;
        processor(|x| x) [restart = on_crash(MANY)] -> pipe(16) -> balanced fork(2) { pipe(16) } -> join merge -> pipe(16)
            -> balanced fork(2) { processor(|x| x + 1) [restart = on_crash(MANY)] } -> pipe(16) -> join merge
    };
    in_any_order(GENTLE, relayed, |x| vec![x + 1]);
}

pipeline! {
    Halved<u64 -> u64>;
    filter(|x| x % 2 == 0) [restart = on_crash(MANY)] -> pipe(8) -> processor(|x| x / 2) [restart = on_crash(MANY)]
}

pipeline! {
    Pairs<u64 -> (u64, u64)>(add: u64);
    processor(|x| x) [restart = on_crash(MANY)] -> pipe(8) -> replicated fork {
        processor(|x| x + add) [restart = on_crash(MANY)],
        processor(|x| x) [restart = on_crash(MANY)],
    } -> pipe(8) -> join zip -> processor(|pair| pair) [restart = on_crash(MANY)]
}

#[test]
fn pipelines_inside() {
    let nested = pipeline! {
        <u64 -> (u64, u64)>;
        pipeline halved = Halved;
        pipeline pairs = Pairs(5);
        halved -> pipe(8) -> balanced fork(2) { pairs } -> pipe(8) -> join ordered;
    };
    in_order(GENTLE, nested, |x| x, |x| if x.is_multiple_of(2) { vec![(x / 2 + 5, x / 2)] } else { vec![] });
}

#[test]
fn fused_rows() {
    let fused = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> flat_map(|x| [x, x + 1]) -> pipe -> processor(Sums::default())
            -> pipe -> filter(|x| x % 2 == 0) -> pipe -> processor(|x| x)
    };
    storm(GENTLE, |storm| {
        let (count, outputs) = storm.outputs(fused.clone().fuse(Fuse::All), |x| x);
        let inputs = (0..count).flat_map(|x| [x + 1, x + 2]);
        let sums = inputs.scan(0_u64, |sum, x| {
            *sum = sum.wrapping_add(x);
            Some(*sum)
        });
        same(&outputs, &sums.filter(|sum| sum.is_multiple_of(2)).collect::<Vec<_>>());
    });
}

/// The sum of everything so far.
#[derive(Default)]
struct Sums(u64);

impl Processor for Sums {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 = self.0.wrapping_add(x);
        Ok(self.0)
    }
}

impl Checkpoint for Sums {
    type State = u64;
    fn save(&mut self) -> Result<u64> {
        Ok(self.0)
    }
    fn restore(&mut self, sum: u64) -> Result<()> {
        self.0 = sum;
        Ok(())
    }
}

/// Collects words, and gives them by threes; what is left at the end.
#[derive(Default)]
pub(crate) struct Threes(Vec<String>);

impl Expand for Threes {
    type In = String;
    type Out = String;
    fn expand(&mut self, word: String, out: &mut impl Outlet<String>) -> Result<()> {
        self.0.push(word);
        if self.0.len() == 3 { self.flush(out) } else { Ok(()) }
    }
    fn flush(&mut self, out: &mut impl Outlet<String>) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { out.push(std::mem::take(&mut self.0).join(" ")) }
    }
    fn finish(&mut self, out: &mut impl Outlet<String>) -> Result<()> {
        self.flush(out)
    }
}

impl Checkpoint for Threes {
    type State = Vec<String>;
    const STATE_BYTES_MAX: usize = 1 << 10;
    fn save(&mut self) -> Result<Vec<String>> {
        Ok(self.0.clone())
    }
    fn restore(&mut self, words: Vec<String>) -> Result<()> {
        self.0 = words;
        Ok(())
    }
}

#[test]
fn checkpoints() {
    let summed = pipeline! {
        <u64 -> u64>;
        processor(Sums::default()) [restart = on_crash(MANY)] -> pipe(8)
            -> processor(Sums::default()) [restart = on_crash(MANY)]
    };
    storm(HARD, |storm| {
        let (count, outputs) = storm.outputs(summed.clone(), |x| x);
        let sums = (0..count).scan((0_u64, 0_u64), |(first, second), x| {
            *first = first.wrapping_add(x);
            *second = second.wrapping_add(*first);
            Some(*second)
        });
        same(&outputs, &sums.collect::<Vec<_>>());
    });
}

/// A text of some length.
fn text(x: u64) -> String {
    "x".repeat((x % 61) as usize) + &x.to_string()
}

#[test]
fn texts() {
    let texts = pipeline! {
        <u64 -> String>;
        processor(text) [restart = on_crash(MANY)] -> pipe [limit_bytes = 4096]
            -> processor(|text: &str| text.to_uppercase()) [restart = on_crash(MANY)] -> pipe(4) [limit_bytes = 8192]
            -> processor(Threes::default()) [restart = on_crash(MANY)] -> pipe [limit_bytes = 8192]
            -> processor(|text: String| text) [restart = on_crash(MANY)]
    };
    storm(HARD, |storm| {
        let (count, outputs) = storm.outputs(texts.clone(), |x| x);
        let all: Vec<String> = (0..count).map(|x| text(x).to_uppercase()).collect();
        same(&outputs, &all.chunks(3).map(|three| three.join(" ")).collect::<Vec<_>>());
    });
}
