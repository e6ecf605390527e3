//! Forks within forks.

use crate::harness::{Place, sorted};
use conveyor::pipeline;

in_every_context! { balanced_in_balanced ordered_in_ordered zips_in_zips everything_at_once }

const COUNT: u64 = 3000;

fn balanced_in_balanced(place: Place) {
    let nested = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(4) -> balanced fork(2) {
            processor(|x| x + 1) -> pipe(4) -> balanced fork(2) { processor(|x| x * 2) } -> pipe -> join merge
                -> pipe -> processor(|x| x + 1)
        } -> pipe -> join merge
    };
    let expected: Vec<u64> = (0..COUNT).map(|x| (x + 1) * 2 + 1).collect();
    assert_eq!(sorted(place.outputs(nested, 0..COUNT)), expected);
}

fn ordered_in_ordered(place: Place) {
    let nested = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(4) -> balanced fork(2) {
            flat_map(|x| [x * 2, x * 2 + 1]) -> pipe(4) -> balanced fork(2) {
                filter(|x| x % 3 != 0)
            } -> pipe(2) -> join ordered -> processor(|x| x)
        } -> pipe(3) -> join ordered
    };
    let expected: Vec<u64> = (0..COUNT * 2).filter(|x| x % 3 != 0).collect();
    assert_eq!(place.outputs(nested, 0..COUNT), expected);
}

fn zips_in_zips(place: Place) {
    let nested = pipeline! {
        <u64 -> (u64, (u64, u64))>;
        processor(|x| x) -> pipe -> replicated fork {
            processor(|x| x),
            processor(|x| x + 1) -> pipe(1) -> replicated fork { processor(|x| x), processor(|x| x + 1) } -> pipe(2)
                -> join zip,
        } -> pipe -> join zip
    };
    assert_eq!(place.outputs(nested, 0..COUNT), (0..COUNT).map(|x| (x, (x + 1, x + 2))).collect::<Vec<_>>());
}

fn everything_at_once(place: Place) {
    let every = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork {
            pipe,
            pipe -> balanced fork { processor(|x| x + 10_000), pipe } -> pipe -> join ordered,
            processor(|x| x) -> pipe -> balanced fork(2) {
                pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join zip
                    -> processor(|(a, b)| a + b + 100_000)
            } -> pipe -> join merge,
        } -> pipe -> join merge -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join merge
    };
    let outputs = place.outputs(every, 0..COUNT);
    assert_eq!(outputs.len() as u64, 6 * COUNT);
    let sums = outputs.iter().filter(|x| **x >= 100_000).copied();
    assert_eq!(sorted(sums), sorted((0..COUNT).flat_map(|x| [2 * x + 100_000; 2])));
    let others = outputs.iter().filter(|x| **x < 100_000).map(|x| x % 10_000);
    assert_eq!(sorted(others), sorted((0..COUNT).flat_map(|x| [x; 4])));
}
