//! Two arrays of different types, worked on together by one pool of workers, part by part, while the caller stays free.
//!
//! ```text
//! cargo run --release --example array_workers                # 1000 texts, 10,000 integers
//! cargo run --release --example array_workers -- 50000 7000000
//! ```

use conveyor::array::FixedStr;
use conveyor::map::{Job, RunningMap, chunks};
use conveyor::{Map, SharedArray, Workers};
use std::collections::VecDeque;

/// An array of these is one piece of memory: every text has 16 bytes.
type Text = FixedStr<16>;

/// How many elements a part has: the last one is shorter.
const TEXTS: usize = 300;
const INTEGERS: usize = 2500;

/// Writes every text of its part in capitals, and counts their letters.
fn capitals(Job { item: texts, out, .. }: Job<'_, &[Text], &mut [Text]>) -> u64 {
    for (text, capitals) in texts.iter().zip(&mut *out) {
        *capitals = Text::cut(&text.as_str().to_uppercase());
    }
    out.iter().flat_map(|text| text.as_str().chars()).filter(|c| c.is_alphabetic()).count() as u64
}

/// Squares every integer of its part, and adds the squares up.
fn squares(Job { item: integers, out, .. }: Job<'_, &[u32], &mut [u64]>) -> u64 {
    for (integer, square) in integers.iter().zip(&mut *out) {
        *square = u64::from(*integer) * u64::from(*integer);
    }
    out.iter().sum()
}

/// Is called for every part, in their order.
fn print_part<O>(name: &str, map: &mut RunningMap<u64, O>) -> conveyor::Result<bool> {
    let Some(answer) = map.next().transpose()? else { return Ok(false) };
    println!("{name}, part {}: {}", answer.index, answer.value);
    Ok(true)
}

fn main() -> conveyor::Result<()> {
    let mut sizes =
        std::env::args().skip(1).map(|size| size.parse()).collect::<Result<VecDeque<usize>, _>>()?;
    let texts = sizes.pop_front().unwrap_or(1000);
    let integers = sizes.pop_front().unwrap_or(10_000);
    let names = SharedArray::from_fn(texts, |number| Text::cut(&format!("text {number}")))?;
    let numbers = SharedArray::from_fn(integers, |number| number as u32)?;

    // both at work on the same workers, with no more than four parts each that nobody has looked at
    let workers = Workers::new()?;
    let upper = SharedArray::<Text>::zeros(texts)?;
    let map = Map::over(chunks(names, TEXTS)).output(chunks(upper, TEXTS)).workers(&workers);
    let mut upper = map.ahead(4).in_order().start(capitals)?;
    let squared = SharedArray::<u64>::zeros(integers)?;
    let map = Map::over(chunks(numbers, INTEGERS)).output(chunks(squared, INTEGERS)).workers(&workers);
    let mut squared = map.ahead(4).in_order().start(squares)?;

    // in turns, so that the same lines come every time
    while print_part("letters", &mut upper)? | print_part("squares", &mut squared)? {}

    let (upper, squared) = (upper.finish()?.out.into_array(), squared.finish()?.out.into_array());
    println!("{:?}, {:?}", upper.as_slice().last(), squared.as_slice().last());
    let usage = workers.usage();
    for (worker, did) in usage.workers.iter().enumerate() {
        eprintln!("worker {worker}: {} parts, {:?} of processor time", did.items, did.cpu);
    }
    for (core, time) in usage.cores.iter().enumerate() {
        eprintln!("core {core}: {time:?}");
    }
    Ok(())
}
