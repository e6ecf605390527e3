//! Ordered regions.

use crate::support::{everywhere, outputs};
use conveyor::{Expand, Outlet, Result, pipeline};

#[test]
fn order_is_restored() {
    everywhere(|context| {
        let graph = || {
            pipeline! {
                <u64 -> u64>;
                processor(|x| x) -> pipe -> balanced fork(4) { processor(|x| spin(x)) } -> pipe
                    -> join ordered
            }
        };
        assert_eq!(outputs(graph(), context, 0..5000).unwrap(), (0..5000).collect::<Vec<u64>>());
        assert_eq!(outputs(graph(), context, []).unwrap(), [0_u64; 0]);
        assert_eq!(outputs(graph(), context, [7]).unwrap(), [7]);
    });
}

/// Takes longer for some than for others.
fn spin(x: u64) -> u64 {
    (0..(x % 7) * 300).fold(x, |x, _| std::hint::black_box(x))
}

#[test]
fn whatever_each_branch_gives() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(3) -> balanced fork(3) {
                flat_map(|x| vec![x; (x % 4) as usize]) -> pipe(1) -> filter(|x| x % 5 != 0)
                    -> pipe(2) -> processor(|x| spin(x)) -> pipe(1) -> flat_map(|x| [x, x])
            } -> pipe(2) -> join ordered -> processor(|x| x)
        };
        let expected: Vec<u64> =
            (0..3000_u64).filter(|x| x % 5 != 0).flat_map(|x| vec![x; 2 * (x % 4) as usize]).collect();
        assert_eq!(outputs(graph, context, 0..3000).unwrap(), expected);
    });
}

#[test]
fn nothing_comes_of_anything() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(1) -> balanced fork(3) { filter(|_| false) } -> pipe(1) -> join ordered
        };
        assert_eq!(outputs(graph, context, 0..2000).unwrap(), [0_u64; 0]);
    });
}

#[test]
fn regions_within_regions() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(2) -> balanced fork(2) {
                flat_map(|x| vec![x; (x % 3) as usize]) -> pipe(3)
                    -> balanced fork(3) { processor(|x| spin(x)) -> pipe(1)
                        -> flat_map(|x| vec![x; (x % 2) as usize]) } -> pipe(2)
                    -> join ordered -> processor(|x| x + 1)
            } -> pipe(2) -> join ordered
        };
        let expected: Vec<u64> =
            (0..3000_u64).flat_map(|x| vec![x + 1; ((x % 3) * (x % 2)) as usize]).collect();
        assert_eq!(outputs(graph, context, 0..3000).unwrap(), expected);
    });
}

#[test]
fn a_zip_within_a_region() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> (u64, u64)>;
            processor(|x| x) -> pipe -> balanced fork(2) {
                filter(|x| x % 3 != 0) -> pipe(4) -> replicated fork {
                    processor(|x| x * 2) -> pipe,
                    pipe -> balanced fork(2) { processor(|x| spin(x)) } -> pipe -> join ordered -> pipe,
                } -> join zip -> processor(|pair: (u64, u64)| pair)
            } -> pipe -> join ordered
        };
        let expected: Vec<_> = (0..2000_u64).filter(|x| x % 3 != 0).map(|x| (x * 2, x)).collect();
        assert_eq!(outputs(graph, context, 0..2000).unwrap(), expected);
    });
}

#[test]
fn a_region_within_a_zip() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> (u64, u64)>;
            processor(|x| x) -> pipe -> replicated fork {
                processor(|x| x + 1) -> pipe,
                pipe -> balanced fork(3) { processor(|x| spin(x)) } -> pipe -> join ordered -> pipe,
            } -> join zip
        };
        assert_eq!(
            outputs(graph, context, 0..2000).unwrap(),
            (0..2000).map(|x| (x + 1, x)).collect::<Vec<_>>()
        );
    });
}

#[test]
fn unlike_branches_and_identity() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(5) -> balanced fork {
                processor(|x| spin(x)) -> pipe(3), pipe(1), processor(|x| x) -> pipe(1)
                    -> processor(|x| x) -> pipe(2)
            } -> join ordered
        };
        assert_eq!(outputs(graph, context, 0..3000).unwrap(), (0..3000).collect::<Vec<u64>>());
    });
}

/// Gives its number of messages only at the end.
struct Tally(u64);
impl Expand for Tally {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, _: u64, _: &mut impl Outlet<u64>) -> Result<()> {
        self.0 += 1;
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(self.0)
    }
}

#[test]
fn what_comes_at_the_end_belongs_to_no_message_but_arrives() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe -> balanced fork(2) {
                processor(Tally(0)) -> pipe -> balanced fork(2) { processor(|x| x) } -> pipe -> join ordered
            } -> pipe -> join ordered
        };
        let tallies = outputs(graph, context, 0..1000).unwrap();
        assert_eq!((tallies.len(), tallies.iter().sum()), (2, 1000));
    });
}
