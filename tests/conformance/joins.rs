//! Every fork with every join.

use crate::harness::{Place, sorted};
use conveyor::{Expand, Outlet, Result, pipeline};

in_every_context! {
    replicated_and_merged balanced_and_merged unlike_branches_share order_is_restored
    order_is_restored_over_several_and_no_outputs order_is_restored_over_unlike_branches
    parts_of_a_tuple_belong_together eight_parts a_branch_of_a_zip_is_balanced a_zip_inside_a_balanced_fork
    a_fork_behind_a_merge_and_a_relay ends_through_a_merge_of_unequal_branches a_pipe_is_a_branch
    outputs_at_the_end_pass_an_ordered_join auto_widths_lose_nothing
}

const COUNT: u64 = 5000;

/// Takes longer for some numbers, so that workers overtake each other.
fn uneven(x: u64) -> u64 {
    let mut hash = x;
    for _ in 0..(if x.is_multiple_of(7) { 3000 } else { 3 }) {
        hash = std::hint::black_box(hash.wrapping_mul(6_364_136_223_846_793_005).rotate_left(7));
    }
    std::hint::black_box(hash);
    x
}

fn replicated_and_merged(place: Place) {
    let twice = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x * 2), processor(|x| x * 2 + 1) } -> pipe
            -> join merge
    };
    let outputs = place.outputs(twice, 0..COUNT);
    let (even, odd): (Vec<u64>, Vec<u64>) = outputs.iter().partition(|x| **x % 2 == 0);
    assert!(even.is_sorted() && odd.is_sorted(), "a merge keeps the order of each branch");
    assert_eq!(sorted(outputs), (0..COUNT * 2).collect::<Vec<_>>());
}

fn balanced_and_merged(place: Place) {
    let farmed = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(16) -> balanced fork(3) { processor(uneven) -> pipe(2) -> processor(|x| x + 1) }
            -> pipe -> join merge
    };
    assert_eq!(sorted(place.outputs(farmed, 0..COUNT)), (1..=COUNT).collect::<Vec<_>>());
}

fn unlike_branches_share(place: Place) {
    let shared = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork { processor(|x| x * 10), processor(|x| x * 10 + 1) } -> pipe
            -> join merge
    };
    let outputs = place.outputs(shared, 0..COUNT);
    assert_eq!(sorted(outputs.iter().map(|x| x / 10)), (0..COUNT).collect::<Vec<_>>());
}

fn order_is_restored(place: Place) {
    for width in [2, 3, 5] {
        let ordered = pipeline! {
            <u64 -> u64>(width: usize);
            processor(|x| x) -> pipe(8) -> balanced fork(*width) { processor(uneven) } -> pipe(3) -> join ordered
        };
        assert_eq!(place.outputs(ordered, 0..COUNT), (0..COUNT).collect::<Vec<_>>(), "{width} workers");
    }
}

fn order_is_restored_over_several_and_no_outputs(place: Place) {
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(8) -> balanced fork(3) {
            flat_map(|x| vec![uneven(x); (x % 4) as usize]) -> pipe(2) -> filter(|x| x % 5 != 0)
        } -> pipe(4) -> join ordered
    };
    let expected = (0..COUNT).filter(|x| x % 5 != 0).flat_map(|x| vec![x; (x % 4) as usize]);
    assert_eq!(place.outputs(ordered, 0..COUNT), expected.collect::<Vec<_>>());
    let nothing = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { filter(|_| false) } -> pipe(1) -> join ordered
    };
    assert!(place.outputs(nothing, 0..COUNT).is_empty());
}

fn order_is_restored_over_unlike_branches(place: Place) {
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(4) -> balanced fork {
            processor(uneven),
            pipe,
            processor(|x| x) -> pipe -> processor(uneven) -> pipe -> processor(|x| x),
        } -> pipe -> join ordered
    };
    assert_eq!(place.outputs(ordered, 0..COUNT), (0..COUNT).collect::<Vec<_>>());
}

fn parts_of_a_tuple_belong_together(place: Place) {
    let tuples = pipeline! {
        <u64 -> (u64, String, u64)>;
        processor(|x| x) -> pipe(5) -> replicated fork {
            processor(uneven) -> pipe(1) -> processor(|x| x + 1),
            processor(|x| x.to_string()),
            pipe,
        } -> pipe(3) -> join zip
    };
    let expected: Vec<_> = (0..COUNT).map(|x| (x + 1, x.to_string(), x)).collect();
    assert_eq!(place.outputs(tuples, 0..COUNT), expected);
}

fn eight_parts(place: Place) {
    let sums = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork {
            pipe, pipe, pipe, pipe, pipe, pipe, pipe, processor(|x| x)
        } -> pipe -> join zip -> processor(|(a, b, c, d, e, f, g, h)| a + b + c + d + e + f + g + h)
    };
    assert_eq!(place.outputs(sums, 0..1000), (0..1000).map(|x| x * 8).collect::<Vec<_>>());
}

fn a_branch_of_a_zip_is_balanced(place: Place) {
    let pairs = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork {
            processor(|x| x * 3),
            pipe -> balanced fork(2) { processor(uneven) } -> pipe -> join ordered,
        } -> pipe -> join zip
    };
    assert_eq!(place.outputs(pairs, 0..COUNT), (0..COUNT).map(|x| (x * 3, x)).collect::<Vec<_>>());
}

fn a_zip_inside_a_balanced_fork(place: Place) {
    let sums = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) {
            processor(uneven) -> pipe -> replicated fork { processor(|x| x * 2), pipe } -> pipe -> join zip
                -> processor(|(double, x)| double + x)
        } -> pipe -> join ordered
    };
    assert_eq!(place.outputs(sums, 0..COUNT), (0..COUNT).map(|x| x * 3).collect::<Vec<_>>());
}

fn a_fork_behind_a_merge_and_a_relay(place: Place) {
    let pairs = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(uneven) } -> pipe -> join merge -> pipe
            -> replicated fork { processor(|x| x), processor(|x| x + 1) } -> pipe -> join zip
    };
    let outputs = place.outputs(pairs, 0..COUNT);
    assert!(outputs.iter().all(|(x, next)| x + 1 == *next), "the parts of a tuple stem from one message");
    assert_eq!(sorted(outputs), (0..COUNT).map(|x| (x, x + 1)).collect::<Vec<_>>());
}

fn ends_through_a_merge_of_unequal_branches(place: Place) {
    let unequal = pipeline! {
        <() -> u64>;
        source few = 0..3_u64;
        source many = 1000..1000 + 5000_u64;
        source none = 0..0_u64;
        join merge all;
        few -> pipe(1) -> all;
        many -> pipe -> processor(|x| x) -> pipe -> all;
        none -> pipe -> all;
        all -> processor(|x| x);
    };
    assert_eq!(sorted(place.all(unequal)), (0..3).chain(1000..6000).collect::<Vec<_>>());
}

fn a_pipe_is_a_branch(place: Place) {
    let some = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork { pipe, filter(|x| x % 2 == 0) } -> pipe -> join merge
    };
    let expected = sorted((0..COUNT).chain((0..COUNT).step_by(2)));
    assert_eq!(sorted(place.outputs(some, 0..COUNT)), expected);
}

/// Holds everything back until the end.
struct AtTheEnd(Vec<u64>);
impl Expand for AtTheEnd {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, _: &mut impl Outlet<u64>) -> Result<()> {
        self.0.push(x);
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        self.0.drain(..).try_for_each(|x| out.push(x))
    }
}

fn outputs_at_the_end_pass_an_ordered_join(place: Place) {
    let late = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(AtTheEnd(Vec::new())) } -> pipe(2) -> join ordered
    };
    assert_eq!(sorted(place.outputs(late, 0..COUNT)), (0..COUNT).collect::<Vec<_>>());
}

fn auto_widths_lose_nothing(place: Place) {
    let farmed = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(auto) [max = 4] { processor(uneven) } -> pipe -> join ordered
    };
    assert_eq!(place.outputs(farmed, 0..COUNT), (0..COUNT).collect::<Vec<_>>());
}
