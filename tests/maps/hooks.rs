//! What workers do before and after their items.

use crate::{CONTEXTS, workers};
use conveyor::{Context, ErrorKind, Failure, Map, SharedArray};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

/// Two counts, as states that have been made and finished.
fn counts() -> SharedArray<AtomicU64> {
    SharedArray::zeros(2).expect("there is memory")
}

fn taken(counts: &SharedArray<AtomicU64>) -> [u64; 2] {
    [0, 1].map(|at| counts[[at]].swap(0, Ordering::Relaxed))
}

#[test]
fn each_worker_that_has_begun_finishes_once() {
    let counts = counts();
    for context in CONTEXTS {
        let workers = workers(context, 3);
        for _ in 0..10 {
            let map = Map::over(0..100_u64).share_len(1).with(counts.clone()).workers(&workers);
            let map = map.init(|setup| Ok(setup.with[[0]].fetch_add(1, Ordering::Relaxed)));
            let map = map.finish(|end, _| {
                end.with[[1]].fetch_add(1, Ordering::Relaxed);
                Ok(())
            });
            let report = map.run(|job| job.item).expect("it runs").report;
            let begun = report.workers.iter().filter(|worker| worker.shares > 0).count() as u64;
            assert_eq!(taken(&counts), [begun; 2]);
        }
    }
}

#[test]
fn what_is_counted_in_states_is_complete_in_the_end() {
    let counts = counts();
    for context in CONTEXTS {
        let workers = workers(context, 2);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let map = Map::over(0..5000_u64).share_len(100).with(counts.clone()).workers(&workers);
                    let map = map.init(|_| Ok([0, 0])).finish(|end, [items, sum]| {
                        end.with[[0]].fetch_add(items, Ordering::Relaxed);
                        end.with[[1]].fetch_add(sum, Ordering::Relaxed);
                        Ok(())
                    });
                    let map = map.run(|job| {
                        job.state[0] += 1;
                        job.state[1] += job.item;
                    });
                    map.expect("it runs");
                });
            }
        });
        assert_eq!(taken(&counts), [4 * 5000, 4 * 12_497_500]);
    }
}

#[test]
fn a_hook_that_fails_or_panics_is_named() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let map = || Map::over(0..3_u64).workers(&workers);
        let begun = map().init(|_| Err::<(), _>(Failure::new("no connection"))).run(|job| job.item);
        let error = begun.unwrap_err();
        assert!(error.to_string().contains("`init`"), "{error}");
        assert!(error.to_string().ends_with("failed: no connection"), "{error}");
        let finished = map().finish(|_, ()| panic!("no end")).run(|job| job.item);
        let error = finished.unwrap_err();
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("finish")));
        assert_eq!(map().run(|job| job.item).expect("the workers are still there").values, [0, 1, 2]);
    }
}

#[test]
fn states_finish_also_when_an_item_has_failed() {
    let counts = counts();
    for context in CONTEXTS {
        let map = Map::over(0..10_u64).with(counts.clone()).context(context).init(|_| Ok(()));
        let map = map.finish(|end, ()| {
            end.with[[1]].fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        let failed = map.try_run(|job| if job.item == 3 { Err(Failure::new("three")) } else { Ok(()) });
        assert_eq!(failed.unwrap_err().position(), Some(3));
        assert!(taken(&counts)[1] > 0);
    }
}

#[test]
fn a_worker_that_dies_while_it_finishes_does_not_hold_up_the_others() {
    let workers = crate::workers(Context::Processes, 3);
    let map = Map::over(0..100_u64).share_len(1).workers(&workers).init(|_| Ok(()));
    let map = map.finish(|end, ()| if end.worker == 0 { std::process::abort() } else { Ok(()) });
    assert_eq!(map.run(|job| job.item).expect("its replacement has no state").values.len(), 100);
}

#[test]
fn an_array_that_was_given_along_can_be_written_behind_the_map() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let mut table = SharedArray::full(100, 3_u64).expect("there is memory");
        let map = Map::over(0..100_usize).with(table.clone()).workers(&workers);
        let tripled = map.run(|job| job.item as u64 * job.with[[job.item]]).expect("it runs").values;
        table.as_mut_slice().expect("nobody else has it any more").copy_from_slice(&tripled);
        assert_eq!(table[[99]], 297);
    }
}

#[test]
fn a_caller_that_panics_ends_its_states_and_frees_its_outputs() {
    let counts = counts();
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let mut out = SharedArray::<u64>::zeros(100).expect("there is memory");
        let map = Map::over(0..100_u64).output(&mut out).with(counts.clone()).share_len(1).workers(&workers);
        let map = map.init(|setup| Ok(setup.with[[0]].fetch_add(1, Ordering::Relaxed)));
        let map = map.finish(|end, _| {
            end.with[[1]].fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        let map = map.fold(0, |sum, job| {
            *job.out = job.item;
            *sum += job.item;
        });
        let panic = catch_unwind(AssertUnwindSafe(|| map.reduce(|_, _| panic!("the caller's own code"))));
        assert!(panic.is_err());
        let [begun, finished] = taken(&counts);
        assert!(begun == finished && begun > 0, "{context:?}: {begun} have begun, {finished} finished");
        out.as_mut_slice().expect("nobody else has it any more").fill(7);
    }
}

/// The workers meet at the end of every map of the first kind, and those of the second kind have no end.
#[test]
fn meetings_beside_shares() {
    let counts = counts();
    for context in CONTEXTS {
        let workers = workers(context, 2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let map = Map::over(0..10_u64).share_len(1).with(counts.clone()).workers(&workers);
                        let map = map.init(|setup| Ok(setup.with[[0]].fetch_add(1, Ordering::Relaxed)));
                        let map = map.finish(|end, _| {
                            end.with[[1]].fetch_add(1, Ordering::Relaxed);
                            Ok(())
                        });
                        map.run(|job| job.item).expect("it runs");
                    }
                });
                scope.spawn(|| {
                    let mut out = SharedArray::<u64>::zeros(500).expect("there is memory");
                    for _ in 0..20 {
                        let map = Map::over(0..500_u64).output(&mut out).share_len(10).workers(&workers);
                        map.run(|job| *job.out = 3 * job.item).expect("it runs");
                        let elements = out.as_mut_slice().expect("nobody else has it any more");
                        assert!(elements.iter().copied().eq((0..500).map(|x| 3 * x)));
                        elements.fill(0);
                    }
                });
            }
        });
        let [begun, finished] = taken(&counts);
        assert_eq!(begun, finished, "{context:?}");
    }
}
