//! Errors, panics and deaths inside name the whole way: `outer/inner`.

use super::parts::Affine;
use crate::harness::Place;
use conveyor::{ErrorKind, Failure, Pipeline, Result, pipeline};

in_every_context! {
    errors_name_the_way constructors_fail_by_name arguments_fail_by_name,
    processes only: deaths_name_the_way
}

const COUNT: u64 = 3000;

fn refuse(x: u64) -> Result<u64> {
    if x == 700 { Err(Failure::new("seven hundred is refused")) } else { Ok(x) }
}

pipeline! {
    Picky<u64 -> u64>(how: String);
    try_map refuse = refuse;
    processor burst = |x| {
        if how == "panic" {
            assert!(x != 600, "six hundred bursts");
        }
        if how == "exit" && x == 600 {
            std::process::abort();
        }
        x
    };
    processor(|x| x) -> pipe -> refuse -> pipe -> burst;
}

pipeline! {
    Around<u64 -> u64>(how: String);
    pipeline picky = Picky(how.clone());
    pipeline row = Affine(1, 0);
    row -> pipe -> picky;
}

/// One outside of braces, two levels deep, behind another one.
fn around(how: &str) -> Pipeline<u64, u64> {
    let how = how.to_owned();
    pipeline! {
        <u64 -> u64>(how: String);
        pipeline before = Affine(1, 0);
        pipeline around = Around(how.clone());
        before -> pipe -> around -> pipe -> processor(|x| x);
    }
}

fn errors_name_the_way(place: Place) {
    let error = place.error(around(""), 0..COUNT);
    assert_eq!(
        (error.kind(), error.processor()),
        (ErrorKind::Failed, Some("around/picky/refuse")),
        "{error}"
    );
    assert_eq!((error.position(), error.cause()), (Some(700), "seven hundred is refused"), "{error}");
    let error = place.error(around("panic"), 0..650);
    assert_eq!(
        (error.kind(), error.processor()),
        (ErrorKind::Panicked, Some("around/picky/burst")),
        "{error}"
    );
    assert_eq!(error.position(), Some(600), "{error}");
    assert!(error.cause().contains("six hundred bursts"), "{error}");
}

fn deaths_name_the_way(place: Place) {
    let error = place.error(around("exit"), 0..650);
    assert_eq!(
        (error.kind(), error.processor()),
        (ErrorKind::Signal(6), Some("around/picky/burst")),
        "{error}"
    );
}

fn number(text: &str) -> Result<u64> {
    Ok(text.parse()?)
}

pipeline! {
    Parsed<u64 -> u64>(text: String);
    processor parsed = { let by = number(text)?; move |x: u64| x * by };
    processor(|x| x) -> pipe -> parsed;
}

fn constructors_fail_by_name(place: Place) {
    let outer = pipeline! { <u64 -> u64>; pipeline inner = Parsed("three".to_owned()); inner; };
    let error = place.error(outer, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Constructor, Some("inner/parsed")), "{error}");
}

fn arguments_fail_by_name(place: Place) {
    pipeline! {
        Middle<u64 -> u64>(by: String);
        pipeline row = Affine(number(by)?, 0);
        row;
    }
    let good = pipeline! { <u64 -> u64>; pipeline middle = Middle("3".to_owned()); middle; };
    assert_eq!(place.outputs(good, 0..4), [0, 3, 6, 9]);
    let bad = pipeline! { <u64 -> u64>; pipeline middle = Middle("three".to_owned()); middle; };
    let error = place.of(bad).start().map(drop).expect_err("three is no number");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Start, Some("middle/row")), "{error}");
    assert!(error.to_string().contains("invalid digit"), "{error}");
}
