//! Wherever an element may stand, any number of times, at any depth.

use super::parts::{Affine, Both, Odd, Shared, Twice, deeper};
use crate::harness::{Place, sorted};
use conveyor::{Pipeline, pipeline};

in_every_context! {
    used_twice_with_parameters_of_their_own a_join_at_the_end_leads_anywhere in_forks_of_every_kind
    at_any_depth_and_by_any_path an_open_end_that_is_a_branch rates_are_kept generic_functions
}

const COUNT: u64 = 3000;

fn used_twice_with_parameters_of_their_own(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>(by: u64 = 3, adds: Vec<u64> = vec![1, 5]);
        pipeline first = Affine(*by, adds[0]);
        pipeline second = Affine(2, adds.iter().sum::<u64>(),);
        first -> pipe -> second;
    };
    let expected: Vec<u64> = (0..COUNT).map(|x| (x * 3 + 1) * 2 + 6).collect();
    assert_eq!(place.outputs(outer, 0..COUNT), expected);
}

fn a_join_at_the_end_leads_anywhere(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pipeline first = Shared(2, 4);
        pipeline second = Shared(3, 1);
        pipeline both = Both;
        pipeline twice = Twice;
        pipeline last = Shared(2, 100);
        first -> pipe -> second -> pipe(2) -> balanced fork(2) { processor(|x| x) } -> pipe -> join ordered
            -> pipe -> both -> pipe -> replicated fork { processor(|(x, _)| x), processor(|(_, x)| x) } -> pipe -> join zip
            -> processor(|(x, y)| x + y) -> pipe -> twice -> pipe -> balanced fork(2) { pipe -> last } -> pipe -> join merge;
    };
    let expected = (0..COUNT).flat_map(|x| [(x + 2) * 2 + 1; 2]);
    assert_eq!(sorted(place.outputs(outer, 0..COUNT)), sorted(expected));
}

fn in_forks_of_every_kind(place: Place) {
    let outer = pipeline! {
        <u64 -> (u64, (u64, u64), u64)>;
        pipeline row = Affine(2, 1);
        pipeline shared = Shared(2, 3);
        pipeline both = Both;
        pipeline left = Affine(1, 0);
        pipeline right = Shared(2, 2);
        pipeline each = Shared(2, 2);
        processor(|x| x) -> pipe -> balanced fork { left, right -> pipe -> processor(|x| x - 1) } -> pipe -> join ordered
            -> pipe -> replicated fork {
                row,
                both -> pipe -> processor(|pair| pair),
                shared -> pipe -> balanced fork(3) { each } -> pipe -> join ordered,
            } -> pipe -> join zip;
    };
    let expected: Vec<_> = (0..COUNT).map(|x| (x * 2 + 1, (x, x), x + 2)).collect();
    assert_eq!(place.outputs(outer, 0..COUNT), expected);
}

fn at_any_depth_and_by_any_path(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pipeline a = deeper::deepest::Deepest;
        pipeline b = super::parts::deeper::Deep(1, 2);
        pipeline c = crate::conformance::pipelines::parts::Affine(1, 1);
        a -> pipe -> balanced fork(2) { b } -> pipe -> join ordered -> pipe -> c;
    };
    let deep = |x: u64, add: u64| x * 2 + add + 1;
    let expected: Vec<u64> = (0..COUNT).map(|x| deep(deep(x, 7) + 1, 1) + 1).collect();
    let pipeline = place.of(outer);
    let mut run = pipeline.run(0..COUNT);
    assert_eq!(run.by_ref().collect::<Result<Vec<_>, _>>().expect("the run succeeds"), expected);
    let report = run.report();
    let scale = report.processor("a/deep/row/scale").expect("it is there by its whole name");
    assert_eq!((scale.messages_in(), scale.lanes().len()), (COUNT, 1));
    let work = report.processor("b/shared/work").expect("it is there by its whole name");
    assert_eq!((work.messages_out(), work.lanes().len()), (COUNT, 4));
}

pipeline! {
    /// Its open end is a bare branch beside a sink.
    Tapped<u64 -> u64>;
    processor(|x| x) -> pipe -> replicated fork { sink(|_| ()), pipe };
}

pipeline! {
    /// The same of a balanced fork whose other share comes back by a merge.
    Shares<u64 -> u64>;
    processor(|x| x) -> pipe -> balanced fork { processor(|x| x), pipe } -> pipe(1) -> join merge -> pipe(5);
}

fn an_open_end_that_is_a_branch(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pipeline at_the_head = Tapped;
        pipeline behind = Tapped;
        pipeline shares = Shares;
        pipeline last = Tapped;
        at_the_head -> pipe -> behind -> pipe -> replicated fork { pipe, shares } -> pipe -> join merge
            -> pipe -> balanced fork(2) { processor(|x| x) } -> pipe -> join merge -> last;
    };
    let expected = sorted((0..COUNT).flat_map(|x| [x; 2]));
    assert_eq!(sorted(place.outputs(outer, 0..COUNT)), expected);
    let zipped = pipeline! {
        <u64 -> (u64, u64)>;
        pipeline tapped = Tapped;
        tapped -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join zip;
    };
    assert_eq!(place.outputs(zipped, 0..COUNT), (0..COUNT).map(|x| (x, x)).collect::<Vec<_>>());
}

fn rates_are_kept(place: Place) {
    let outer = pipeline! {
        <u64 -> (u64, (u64, u64))>;
        pipeline deep = deeper::deepest::Deepest;
        pipeline both = Both;
        processor(|x| x) -> pipe -> replicated fork { deep, both } -> pipe -> join zip;
    };
    let expected: Vec<_> = (0..COUNT).map(|x| (x * 2 + 9, (x, x))).collect();
    assert_eq!(place.outputs(outer, 0..COUNT), expected);
    let ordered = pipeline! {
        <u64 -> u64>;
        pipeline odd = Odd;
        processor(|x| x) -> pipe -> balanced fork(3) { odd } -> pipe -> join ordered;
    };
    assert_eq!(place.outputs(ordered, 0..COUNT), (0..COUNT).filter(|x| x % 2 == 1).collect::<Vec<_>>());
}

fn generic_functions(place: Place) {
    fn shifted<T: conveyor::Message + Copy + Into<u64> + From<u8>>(by: T) -> Pipeline<T, u64> {
        pipeline! {
            <T -> u64>(by: T);
            pipeline row = Affine((*by).into(), 0);
            processor(|x: T| x.into()) -> pipe -> row;
        }
    }
    assert_eq!(place.outputs(shifted(3_u32), 0..5_u32), [0, 3, 6, 9, 12]);
    assert_eq!(place.outputs(shifted(2_u8), 0..5_u8), [0, 2, 4, 6, 8]);
}
