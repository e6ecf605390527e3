//! Encodes and decodes the same values with several codecs, and prints the times as ratios to conveyor's.
//!
//! Every round measures all codecs one after the other, and a ratio is the median over the rounds: so a change in the
//! machine's speed meets all of them. A star marks what goes through serde.

mod codecs;
mod values;

use codecs::{Bitcode, BitcodeSerde, Codec, Conveyor, Postcard, Wincode};
use std::fmt::Debug;
use std::hint::black_box;
use std::time::Instant;
use values::{Everywhere, Fixed, Frame, Record, Rows};

const ROUNDS: usize = 31;
/// What one measurement of a value takes, about.
const MEASURE_NS: f64 = 2e6;

fn main() {
    println!(
        "{:<16}{:>12}{:>12}{:>12}{:>12}{:>12}",
        "", "conveyor ns", "wincode", "bitcode", "postcard*", "bitcode*"
    );
    compare("fixed", &Fixed::sample());
    compare("rows", &Rows::sample());
    compare("record", &Record::sample());
    compare("frame", &Frame::sample());
}

fn compare<T: Everywhere + PartialEq + Debug>(name: &str, value: &T) {
    if std::env::args().nth(1).is_some_and(|only| only != name) {
        return;
    }
    let mut codecs: [Box<dyn Codec<T>>; 5] = [
        Box::<Conveyor>::default(),
        Box::<Wincode>::default(),
        Box::<Bitcode>::default(),
        Box::<Postcard>::default(),
        Box::<BitcodeSerde>::default(),
    ];
    for codec in &mut codecs {
        codec.encode(value);
        assert_eq!(codec.decode(), *value);
    }
    report(&format!("{name} encode"), &mut codecs, |codec| codec.encode(black_box(value)));
    report(&format!("{name} decode"), &mut codecs, |codec| drop(black_box(codec.decode())));
    let mut conveyor = Conveyor::default();
    Codec::<T>::encode(&mut conveyor, value);
    let view = median((0..ROUNDS).map(|_| time(&mut || conveyor.view::<T>())));
    println!("{:<16}{view:>12.1}", format!("{name} view"));
}

fn report<T>(name: &str, codecs: &mut [Box<dyn Codec<T>>; 5], mut work: impl FnMut(&mut dyn Codec<T>)) {
    let mut rounds: Vec<[f64; 5]> = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(std::array::from_fn(|index| time(&mut || work(&mut *codecs[index]))));
    }
    let ours = median(rounds.iter().map(|round| round[0]));
    let ratio = |index: usize| median(rounds.iter().map(|round| round[index] / round[0]));
    println!(
        "{name:<16}{ours:>12.1}{:>12.2}{:>12.2}{:>12.2}{:>12.2}",
        ratio(1),
        ratio(2),
        ratio(3),
        ratio(4)
    );
}

/// Nanoseconds for one call.
fn time(work: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    work();
    let once = start.elapsed().as_nanos() as f64;
    let calls = (MEASURE_NS / once.max(20.0)).ceil() as u64;
    let start = Instant::now();
    (0..calls).for_each(|_| work());
    start.elapsed().as_nanos() as f64 / calls as f64
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
