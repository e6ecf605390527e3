//! Streams of every length, messages of every size, pipes of every capacity.

use crate::harness::{Place, sorted};
use conveyor::{ErrorKind, pipeline};

in_every_context! {
    no_messages one_message capacity_one everywhere_capacity_one_with_forks messages_without_bytes messages_of_many_mib
    outputs_beyond_the_capacity large_and_small_mixed,
    processes only: one_too_large_for_its_pipe
}

fn no_messages(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(|x| x) };
    assert!(place.outputs(row, []).is_empty());
    let forks = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork {
            processor(|x| x), pipe -> balanced fork(2) { processor(|x| x) } -> pipe -> join ordered
        } -> pipe -> join zip
    };
    assert!(place.outputs(forks, []).is_empty());
    let source = pipeline! { <() -> u64>; source(0..0_u64) -> pipe -> processor(|x| x) };
    assert!(place.all(source).is_empty());
}

fn one_message(place: Place) {
    let row = pipeline! { <String -> usize>; processor(|text: String| text.len()) };
    assert_eq!(place.outputs(row, ["one".to_owned()]), [3]);
    let forks = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork {
            processor(|x| x), pipe -> balanced fork(3) { processor(|x| x + 1) } -> pipe -> join ordered
        } -> pipe -> join zip
    };
    assert_eq!(place.outputs(forks, [1]), [(1, 2)]);
}

fn capacity_one(place: Place) {
    let row = pipeline! {
        <u64 -> String>;
        processor(|x| x) -> pipe(1) -> processor(|x| x.to_string()) -> pipe(1) -> processor(|text| text + ".")
    };
    assert_eq!(place.outputs(row, 0..1000), (0..1000).map(|x| format!("{x}.")).collect::<Vec<_>>());
}

fn everywhere_capacity_one_with_forks(place: Place) {
    let forks = pipeline! {
        <u64 -> (u64, u64, u64)>;
        processor(|x| x) -> pipe(1) -> replicated fork {
            processor(|x| x),
            pipe(1) -> balanced fork(2) { processor(|x| x) -> pipe(1) -> processor(|x| x + 1) } -> pipe(1)
                -> join ordered,
            processor(|x| x + 2),
        } -> pipe(1) -> join zip
    };
    assert_eq!(place.outputs(forks, 0..1000), (0..1000).map(|x| (x, x + 1, x + 2)).collect::<Vec<_>>());
    let merged = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(1) -> balanced fork(3) { flat_map(|x| [x, x]) } -> pipe(1) -> join merge -> pipe(1)
            -> processor(|x| x)
    };
    assert_eq!(sorted(place.outputs(merged, 0..1000)), sorted((0..1000).flat_map(|x| [x, x])));
}

fn messages_without_bytes(place: Place) {
    let units = pipeline! { <() -> ()>; processor(|x: ()| x) -> pipe -> processor(|x: ()| x) };
    assert_eq!(place.outputs(units, vec![(); 5000]).len(), 5000);
    let empty = pipeline! {
        <String -> (String, Vec<u8>)>;
        processor(|text: String| text) -> pipe -> processor(|text: String| (text, Vec::new()))
    };
    let outputs = place.outputs(empty, (0..5000).map(|_| String::new()));
    assert_eq!(outputs, vec![(String::new(), Vec::<u8>::new()); 5000]);
}

/// Bytes that are told from others, and that name their place.
fn block(number: u64, len: usize) -> Vec<u64> {
    (0..len as u64).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number).collect()
}

fn messages_of_many_mib(place: Place) {
    const WORDS: usize = 5 << 17; // 5 MiB
    let large = pipeline! {
        <Vec<u64> -> Vec<u64>>;
        processor(|block: Vec<u64>| block) -> pipe(2) -> processor(|block: &[u64]| block.to_vec())
    };
    let mut numbers = 0..;
    for output in place.of(large).run((0..12).map(|number| block(number, WORDS))) {
        let number = numbers.next().expect("there are always more numbers");
        assert!(output.expect("the run succeeds") == block(number, WORDS), "block {number} is damaged");
    }
    assert_eq!(numbers.start, 12);
}

fn large_and_small_mixed(place: Place) {
    let sizes = [0, 1, 7, 4096, 3, 300_000, 2, 65_536, 0, 100_001];
    let mixed = pipeline! {
        <Vec<u64> -> (u64, Vec<u64>)>;
        processor(|block: Vec<u64>| block) -> pipe -> balanced fork(2) {
            processor(|block: Vec<u64>| (block.len() as u64, block))
        } -> pipe -> join ordered
    };
    let inputs = (0..100).map(|number| block(number, sizes[number as usize % sizes.len()]));
    let outputs = place.outputs(mixed, inputs);
    assert_eq!(outputs.len(), 100);
    for (number, (len, output)) in (0..).zip(outputs) {
        let expected = block(number, sizes[number as usize % sizes.len()]);
        assert!(len == expected.len() as u64 && output == expected, "message {number} is damaged");
    }
}

fn outputs_beyond_the_capacity(place: Place) {
    let many = pipeline! {
        <u64 -> u64>;
        flat_map(|x| vec![x; 10_000]) -> pipe(4) -> processor(|x| x)
    };
    let expected: Vec<u64> = (0..5).flat_map(|x| vec![x; 10_000]).collect();
    assert_eq!(place.outputs(many, 0..5), expected);
}

fn one_too_large_for_its_pipe(place: Place) {
    let narrow = pipeline! {
        <u64 -> u64>;
        processor swell = |x: u64| vec![x; x as usize];
        pipe narrow(4) [limit_bytes = 4096];
        processor shrink = |block: Vec<u64>| block.len() as u64;
        swell -> narrow -> shrink;
    };
    assert_eq!(place.outputs(narrow.clone(), [0, 10, 100]), [0, 10, 100]);
    let error = place.error(narrow, [10, 100_000, 10]);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::TooLarge, Some("swell")), "{error}");
    assert!(error.cause().contains("narrow") && error.cause().contains("limit_bytes"), "{error}");
}
