//! `drain()` between batches, and the end of a stream: kills may fall into every pause.

use crate::shapes::Threes;
use crate::weather::{HARD, MANY, storm};
use conveyor::{Result, pipeline};

#[test]
fn drains() {
    let threes = pipeline! {
        <u64 -> String>;
        processor(|x: u64| x.to_string()) [restart = on_crash(MANY)] -> pipe(8)
            -> processor(Threes::default()) [restart = on_crash(MANY)] -> pipe(8)
            -> balanced fork(2) { processor(|words: String| words + ".") [restart = on_crash(MANY)] } -> pipe(8) -> join ordered
    };
    storm(HARD, |storm| {
        let mut running = threes.start().unwrap_or_else(|error| panic!("{error}"));
        let mut batch = 0;
        while !storm.is_enough() {
            let words: Vec<u64> = (batch..batch + batch % 50).collect();
            words.iter().for_each(|x| running.send(*x).unwrap_or_else(|error| panic!("{error}")));
            let sentences: Result<Vec<String>, conveyor::Error> = running.drain().collect();
            let sentences = sentences.unwrap_or_else(|error| panic!("{error}"));
            let words: Vec<String> = words.iter().map(u64::to_string).collect();
            let expected: Vec<String> = words.chunks(3).map(|three| three.join(" ") + ".").collect();
            assert_eq!(sentences, expected, "batch {batch}");
            batch += 1;
        }
        let (rest, _) = running.finish().unwrap_or_else(|error| panic!("{error}"));
        assert!(rest.is_empty(), "{rest:?}");
    });
}

/// Short runs: most kills fall near the start or within the last messages.
#[test]
fn ends_of_streams() {
    let short = pipeline! {
        <() -> u64>;
        source(0..3000_u64) [deterministic, restart = on_crash(MANY)] -> pipe(64)
            -> balanced fork(2) { processor(|x| x + 1) [restart = on_crash(MANY)] } -> pipe(16) -> join ordered
            -> flat_map(|x| [x, x]) [restart = on_crash(MANY)]
    };
    storm(HARD, |_| {
        let outputs: Result<Vec<u64>, conveyor::Error> = short.run(()).collect();
        let outputs = outputs.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(outputs, (1..=3000).flat_map(|x| [x, x]).collect::<Vec<_>>());
    });
}
