//! Pipelines inside pipelines.

use crate::harness::Place;
use conveyor::pipeline;

in_every_context! { a_row }

pipeline! {
    /// Adds and multiplies.
    pub Affine<u64 -> u64>(by: u64, add: u64);
    processor scale = |x| x * by;
    processor shift = |x| x + add;
    scale -> pipe -> shift;
}

fn a_row(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>(by: u64 = 3);
        pipeline first = Affine(*by, 1);
        pipeline second = Affine(2, *by);
        processor(|x| x) -> pipe -> first -> pipe -> second;
    };
    let expected: Vec<u64> = (0..1000).map(|x| (x * 3 + 1) * 2 + 3).collect();
    assert_eq!(place.outputs(outer, 0..1000), expected);
}
