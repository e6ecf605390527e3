//! Two arrays of different types, worked on together by one pool of workers, part by part: each part is reported as soon as
//! it is done, and meanwhile the caller does something else.
//!
//! ```text
//! cargo run --release --example array_workers                # 1000 texts, 10,000 integers
//! cargo run --release --example array_workers -- 50000 7000000
//! ```

use conveyor::array::FixedStr;
use conveyor::map::{Job, RunningMap, chunks};
use conveyor::{Map, SharedArray, Workers};
use std::collections::VecDeque;
use std::thread::JoinHandle;

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

/// Prints what came of a part, and adds it up, for every part; in a thread of its own.
fn report<O: Send + Sync + 'static>(
    name: &'static str,
    map: RunningMap<u64, O>,
) -> JoinHandle<conveyor::Result<(u128, O)>> {
    std::thread::spawn(move || {
        let mut sum = 0;
        let ended = map.for_each_answer(|part| {
            println!("{name}, part {}: {}", part.index, part.value);
            sum += u128::from(part.value);
        });
        Ok((sum, ended?.out))
    })
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
    let upper = report("letters", map.ahead(4).start(capitals)?);
    let squared = SharedArray::<u64>::zeros(integers)?;
    let map = Map::over(chunks(numbers, INTEGERS)).output(chunks(squared, INTEGERS)).workers(&workers);
    let squared = report("squares", map.ahead(4).start(squares)?);

    // meanwhile: what the squares must come to
    let last = integers.saturating_sub(1) as u128;
    let expected = last * (last + 1) * (2 * last + 1) / 6;

    let (letters, upper) = upper.join().expect("nothing panics there")?;
    let (sum, squared) = squared.join().expect("nothing panics there")?;
    println!("{letters} letters; a sum of {sum}, where {expected} was expected");
    let (upper, squared) = (upper.into_array(), squared.into_array());
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
