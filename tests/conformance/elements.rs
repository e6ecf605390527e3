//! Every element, alone and in a row.

use crate::harness::{Place, Scratch, numbers_in};
use conveyor::{Arg, Expand, Filled, InPlace, Outlet, Processor, Ref, Result, Sink, Slot, Source, pipeline};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

in_every_context! {
    closures functions_and_blocks processors in_place expands filters fallible flat_maps sources sinks borrowed_inputs
    parameters a_long_row options_and_results_are_data
}

fn triple(x: u64) -> u64 {
    x * 3
}

fn closures(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> processor(|x: u64| x * 2) };
    let expected: Vec<u64> = (0..1000).map(|x| (x + 1) * 2).collect();
    assert_eq!(place.outputs(row, 0..1000), expected);
}

fn functions_and_blocks(place: Place) {
    let sums = pipeline! {
        <u64 -> u64>;
        processor(triple) -> pipe -> processor({
            let mut sum = 0;
            move |x| { sum += x; sum }
        })
    };
    assert_eq!(place.outputs(sums, [1, 2, 3]), [3, 9, 18]);
}

/// Counts what has passed, and refuses what is too long.
struct Numbered(u64);
impl Processor for Numbered {
    type In = Ref<String>;
    type Out = (u64, String);
    fn process(&mut self, text: &str) -> Result<(u64, String)> {
        self.0 += 1;
        Ok((self.0, text.to_uppercase()))
    }
}

fn processors(place: Place) {
    let numbered = pipeline! { <String -> (u64, String)>; processor(Numbered(0)) };
    let texts = ["a", "", "ccc"].map(str::to_owned);
    let expected = [(1, "A".to_owned()), (2, String::new()), (3, "CCC".to_owned())];
    assert_eq!(place.outputs(numbered, texts), expected);
}

struct Square;
impl InPlace for Square {
    type In = u64;
    type Out = u64;
    fn process<'s>(&mut self, x: u64, out: Slot<'s, u64>) -> Result<Filled<'s>> {
        Ok(out.zeroed(|square| *square = x * x))
    }
}

fn in_place(place: Place) {
    let squares = pipeline! { <u64 -> u64>; processor(Square) -> pipe(3) -> processor(Square) };
    assert_eq!(place.outputs(squares, 0..100), (0..100).map(|x: u64| x.pow(4)).collect::<Vec<_>>());
}

/// As many copies as the number says, and the count at the end.
struct Copies(u64);
impl Expand for Copies {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: Arg<'_, u64>, out: &mut impl Outlet<u64>) -> Result<()> {
        for _ in 0..x {
            self.0 += 1;
            out.push(x)?;
        }
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(1000 + self.0)
    }
}

fn expands(place: Place) {
    let copies = pipeline! { <u64 -> u64>; processor(Copies(0)) -> pipe(2) -> processor(|x| x) };
    assert_eq!(place.outputs(copies, [2, 0, 3]), [2, 2, 3, 3, 3, 1005]);
}

fn filters(place: Place) {
    let some = pipeline! {
        <u64 -> u64>;
        filter(|x| x % 2 == 0) -> pipe -> filter_map(|x| (x % 3 == 0).then_some(x / 6))
    };
    assert_eq!(place.outputs(some, 0..600), (0..100).collect::<Vec<_>>());
    let none = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(1) -> filter(|_| false) };
    assert!(place.outputs(none, 0..10_000).is_empty());
}

fn fallible(place: Place) {
    let parsed = pipeline! { <String -> i64>; try_map(|text: String| text.parse::<i64>()) };
    assert_eq!(place.outputs(parsed, ["1", "-2"].map(str::to_owned)), [1, -2]);
}

fn flat_maps(place: Place) {
    let words = pipeline! {
        <String -> String>;
        flat_map(|line: &str| line.split_whitespace().map(str::to_owned)) -> pipe(2) -> processor(|word| word + "!")
    };
    let lines = ["one two", "", "three"].map(str::to_owned);
    assert_eq!(place.outputs(words, lines), ["one!", "two!", "three!"]);
}

struct Countdown(u64);
impl Source for Countdown {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 = self.0.saturating_sub(1);
        Ok((self.0 > 0).then_some(self.0))
    }
}

fn sources(place: Place) {
    let down = pipeline! { <() -> u64>; source(Countdown(1000)) -> pipe -> processor(|x| x) };
    assert_eq!(place.all(down), (1..1000).rev().collect::<Vec<_>>());
    let count = 5_u64;
    let up = pipeline! { <() -> u64>(count: u64); source(0..*count) -> pipe(2) -> processor(triple) };
    assert_eq!(place.all(up), [0, 3, 6, 9, 12]);
    let alone = pipeline! { <() -> u64>; source(0..100_u64) };
    assert_eq!(place.all(alone), (0..100).collect::<Vec<_>>());
}

/// Writes a number a line.
pub(crate) struct ToFile(BufWriter<File>);
impl ToFile {
    pub(crate) fn create(path: &Path) -> Result<ToFile> {
        Ok(ToFile(BufWriter::new(File::create(path)?)))
    }
}
impl Sink for ToFile {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        Ok(writeln!(self.0, "{x}")?)
    }
    fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
    fn finish(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}

fn sinks(place: Place) {
    let scratch = Scratch::new();
    let (even, odd) = (scratch.file("even"), scratch.file("odd"));
    let two_sinks = pipeline! {
        <u64 -> ()>(even: PathBuf = even.clone(), odd: PathBuf = odd.clone());
        replicated fork numbers;
        processor(|x| x) -> pipe -> numbers;
        numbers -> filter(|x| x % 2 == 0) -> pipe -> sink(ToFile::create(even)?);
        numbers -> filter(|x| x % 2 == 1) -> pipe -> sink(ToFile::create(odd)?);
    };
    let report = place.of(two_sinks).run_to_end(0..1000).expect("the run succeeds");
    assert_eq!(numbers_in(&even), (0..1000).step_by(2).collect::<Vec<_>>());
    assert_eq!(numbers_in(&odd), (1..1000).step_by(2).collect::<Vec<_>>());
    assert!(report.bottleneck().is_some());
    let closed = pipeline! {
        (even: PathBuf = even.clone());
        source(7..9_u64) -> pipe -> sink(ToFile::create(even)?);
    };
    place.of(closed).run_to_end(()).expect("the run succeeds");
    assert_eq!(numbers_in(&even), [7, 8]);
}

fn borrowed_inputs(place: Place) {
    let lengths = pipeline! {
        <Vec<u64> -> u64>;
        processor(|items: &[u64]| items.iter().sum::<u64>()) -> pipe -> processor(|sum: &u64| sum + 1)
    };
    assert_eq!(place.outputs(lengths, [vec![], vec![1], vec![1, 2, 3]]), [1, 2, 7]);
}

fn parameters(place: Place) {
    let (key, words) = (5_u64, vec!["a".to_owned(), "bc".to_owned()]);
    let keyed = pipeline! {
        <u64 -> u64>(key: u64, words: Vec<String>);
        processor(|x| x ^ key) -> pipe(words.len()) -> processor({
            let extra = words.iter().map(|word| word.len() as u64).sum::<u64>();
            move |x| x + extra
        })
    };
    assert_eq!(place.outputs(keyed, 0..50), (0..50).map(|x| (x ^ 5) + 3).collect::<Vec<_>>());
}

fn a_long_row(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe(1) -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe(2)
            -> processor(|x| x + 1) -> pipe(100) -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1)
    };
    assert_eq!(place.outputs(row, 0..3000), (6..3006).collect::<Vec<_>>());
}

fn options_and_results_are_data(place: Place) {
    let halves = pipeline! {
        <u64 -> Option<u64>>;
        processor(|x: u64| if x.is_multiple_of(2) { Ok(x / 2) } else { Err(format!("{x} is odd")) })
            -> pipe -> processor(|half: std::result::Result<u64, String>| half.ok())
    };
    assert_eq!(place.outputs(halves, 0..4), [Some(0), None, Some(1), None]);
}
