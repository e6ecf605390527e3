//! Forks and joins.

use crate::support::{everywhere, outputs, sorted};
use conveyor::pipeline;

#[test]
fn merge_of_replicated_branches() {
    everywhere(|context| {
        let roots = pipeline! {
            <f64 -> f64>;
            processor(|x| x) -> pipe -> replicated fork {
                processor(|x| f64::sqrt(x)) -> pipe -> processor(|x| f64::sqrt(x)),
                processor(|x| x * x * x),
            } -> pipe -> join merge
        };
        let mut roots = outputs(roots, context, [16.0, 3.0, 81.0]).unwrap();
        roots.sort_by(f64::total_cmp);
        assert_eq!(roots, [3_f64.sqrt().sqrt(), 2.0, 3.0, 27.0, 4096.0, 531_441.0]);
    });
}

#[test]
fn a_branch_that_is_only_a_pipe() {
    everywhere(|context| {
        let graph = || {
            pipeline! {
                <u64 -> u64>;
                processor(|x| x) -> pipe -> replicated fork { pipe, processor(|x| x + 1000)
                    -> pipe, pipe } -> join merge
            }
        };
        let mut expected: Vec<u64> = (0..500).chain(0..500).chain(1000..1500).collect();
        expected.sort_unstable();
        assert_eq!(sorted(graph(), context, 0..500), expected);
        assert_eq!(sorted(graph(), context, []), [0_u64; 0]);
    });
}

#[test]
fn zip_pairs_what_stems_from_one_message() {
    everywhere(|context| {
        let graph = || {
            pipeline! {
                <u64 -> (u64, String, u64)>;
                processor(|x| x) -> pipe(2) -> replicated fork {
                    processor(|x| x * 2) -> pipe,
                    processor(|x| x + 1) -> pipe(1) -> processor(|x: u64| x.to_string()) -> pipe(7)
                        -> processor(|x: String| x + "!") -> pipe(1),
                    pipe(3),
                } -> join zip
            }
        };
        let expected: Vec<_> = (0..2000).map(|x| (x * 2, format!("{}!", x + 1), x)).collect();
        assert_eq!(outputs(graph(), context, 0..2000).unwrap(), expected);
        assert!(outputs(graph(), context, []).unwrap().is_empty());
    });
}

#[test]
fn eight_branches() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe -> replicated fork {
                processor(|x| x), processor(|x| x), processor(|x| x), processor(|x| x),
                processor(|x| x), processor(|x| x), processor(|x| x), processor(|x| x),
            } -> pipe -> join zip
              -> processor(|(a, b, c, d, e, f, g, h)| a + b + c + d + e + f + g + h)
        };
        assert_eq!(outputs(graph, context, 0..100).unwrap(), (0..100).map(|x| 8 * x).collect::<Vec<u64>>());
    });
}

#[test]
fn fork_merge_relay_fork_zip() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> (u64, u64)>;
            processor(|x| x) -> pipe
                -> replicated fork { processor(|x| x), processor(|x| x + 10_000) } -> pipe -> join merge
                -> pipe -> replicated fork { processor(|x| x * 2), processor(|x| x * 3) } -> pipe -> join zip
        };
        let mut expected: Vec<_> = (0..1000).chain(10_000..11_000).map(|x| (x * 2, x * 3)).collect();
        expected.sort_unstable();
        assert_eq!(sorted(graph, context, 0..1000), expected);
    });
}

#[test]
fn balanced_workers_share_the_load() {
    everywhere(|context| {
        let graph = || {
            pipeline! {
                <u64 -> u64>;
                processor(|x| x) -> pipe -> balanced fork(4) { processor(|x| x * 2) -> pipe
                    -> flat_map(|x| vec![x; (x % 3) as usize]) } -> pipe -> join merge -> processor(|x| x)
            }
        };
        let mut expected: Vec<u64> =
            (0..5000).map(|x| x * 2).flat_map(|x| vec![x; (x % 3) as usize]).collect();
        expected.sort_unstable();
        assert_eq!(sorted(graph(), context, 0..5000), expected);
        assert_eq!(sorted(graph(), context, []), [0_u64; 0]);
    });
}

#[test]
fn unlike_branches_share_the_load() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(4) -> balanced fork { processor(|x| x)
                -> pipe, processor(|x| x) -> pipe(1) -> processor(|x| x) -> pipe, pipe } -> join merge
        };
        assert_eq!(sorted(graph, context, 0..3000), (0..3000).collect::<Vec<u64>>());
    });
}

#[test]
fn forks_within_forks() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe -> balanced fork(2) {
                processor(|x| x) -> pipe -> balanced fork(3) { processor(|x| x + 1) } -> pipe
                    -> join merge -> pipe
                    -> replicated fork { processor(|x| x), processor(|x| x) } -> pipe -> join zip
                        -> processor(|(a, b)| a + b)
            } -> pipe -> join merge
        };
        assert_eq!(sorted(graph, context, 0..2000), (0..2000).map(|x| 2 * (x + 1)).collect::<Vec<u64>>());
    });
}

#[test]
fn two_sources_merge() {
    everywhere(|context| {
        let graph = pipeline! {
            <() -> u64>;
            source one = 0..1000_u64; source two = 5000..5010_u64; join merge both;
            one -> pipe -> both;
            two -> pipe -> both;
            both -> processor(|x| x)
        };
        assert_eq!(sorted(graph, context, []), (0..1000).chain(5000..5010).collect::<Vec<u64>>());
    });
}

#[test]
fn branches_of_very_different_length() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> (u64, u64)>;
            processor(|x| x) -> pipe(1) -> replicated fork {
                pipe(1),
                processor(|x| x) -> pipe(1) -> processor(|x| x) -> pipe(1) -> processor(|x| x)
                    -> pipe(1) -> processor(|x| x) -> pipe(1),
            } -> join zip
        };
        assert_eq!(
            outputs(graph, context, 0..1000).unwrap(),
            (0..1000).map(|x| (x, x)).collect::<Vec<(u64, u64)>>()
        );
    });
}
