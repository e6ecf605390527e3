//! Pools of workers that serve several maps.

use crate::{CONTEXTS, workers};
use conveyor::{Context, Map, Workers};

#[test]
fn two_maps_with_different_kernels_on_one_pool() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for round in 0..20_u64 {
            let sums = Map::over(0..100_u64).with(round).workers(&workers).run(|job| job.item + job.with);
            assert_eq!(sums.expect("it runs").values[99], 99 + round);
            let words = vec!["a".to_owned(), "bc".to_owned()];
            let lengths = Map::over(&words).workers(&workers).run(|job| job.item.len());
            assert_eq!(lengths.expect("it runs").values, [1, 2]);
        }
    }
}

#[test]
fn maps_of_several_threads_at_the_same_time() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let workers = &workers;
                scope.spawn(move || {
                    for _ in 0..10 {
                        let map = Map::over(0..2000_u64).with(thread).share_len(50).workers(workers);
                        let products = map.run(|job| job.item * job.with).expect("it runs").values;
                        assert!(products.iter().zip(0..).all(|(product, x)| *product == x * thread));
                    }
                });
            }
        });
    }
}

#[test]
fn more_threads_than_shares_may_be_under_way() {
    for context in CONTEXTS {
        let workers = workers(context, 1);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let map = Map::over(0..50_u64).share_len(1).workers(&workers);
                    assert_eq!(map.run(|job| job.item).expect("it runs").values, (0..50).collect::<Vec<_>>());
                });
            }
        });
    }
}

#[test]
fn a_pool_has_as_many_workers_as_it_is_told() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if std::env::var_os("CONVEYOR_CONTEXT").is_none() && std::env::var_os("CONVEYOR_WORKERS").is_none() {
        assert_eq!(Workers::new().expect("they start").number(), cores);
        assert_eq!(workers(Context::Threads, 0).number(), 1);
        assert_eq!(workers(Context::Processes, 5).number(), 5);
        assert_eq!(workers(Context::Serial, 5).number(), 1);
    }
}

#[test]
fn more_workers_than_there_can_be_are_refused() {
    for (context, number) in [(Context::Threads, 1025), (Context::Processes, usize::MAX)] {
        let refused = Workers::builder().context(context).number(number).start();
        let error = refused.map(drop).expect_err("there are too many");
        assert!(error.to_string().contains("at most 1024 workers"), "{error}");
    }
}

#[test]
fn a_caller_that_panics_while_it_reduces_leaves_the_pool_usable() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let map =
            || Map::over(0..100_u64).share_len(1).workers(&workers).fold(0, |sum, job| *sum += job.item);
        let merge = |a: u64, b: u64| if a > 10 { panic!("{a} is too much") } else { a + b };
        let reduced = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| map().reduce(merge)));
        assert!(reduced.is_err());
        assert_eq!(map().reduce(|a, b| a + b).expect("it runs").value, 4950);
    }
}
