//! Kernels that run something of their own: the worker stays who it is.

use super::{side_by_side, workers};
use crate::harness::{Place, watched};
use conveyor::map::per_worker;
use conveyor::{Backend, Context, Failure, Fuse, Map, SharedArray, Workers, lane, message_id, pipeline};
use std::sync::OnceLock;

/// On the thread that calls it.
fn sum_of(numbers: u64) -> u64 {
    let map = Map::over(0..numbers).context(Context::Serial).run(|job| job.item).expect("it runs");
    map.values.iter().sum()
}

#[test]
fn a_map_in_a_kernel_leaves_each_worker_its_own_part() {
    for context in [Context::Threads, Context::Processes] {
        let workers = workers(context, 2);
        let mut sums = SharedArray::<u64>::per_worker(2, 1).expect("there is memory");
        let map = Map::over(0..200_u64).output(per_worker(&mut sums)).workers(&workers).share_len(1);
        let mapped = map.run(|job| {
            let before = lane();
            job.out[0] += sum_of(job.item % 5);
            (lane() == before && before.of() == 2, job.worker == before.index())
        });
        assert_eq!(mapped.expect("it runs").values, [(true, true); 200]);
        assert_eq!(sums.as_slice().iter().sum::<u64>(), 40 * (1 + 3 + 6));
    }
}

#[test]
fn workers_meet_after_maps_in_their_kernels() {
    for context in [Context::Threads, Context::Processes] {
        let workers = workers(context, 2);
        let add = "what each worker gets once".to_owned();
        let map = Map::over(0..200_u64).with(add).init(|_| Ok(7_u64)).finish(|_, _| Ok(())).workers(&workers);
        let mapped = map.share_len(1).run(|job| sum_of(job.item % 5) + *job.state + job.with.len() as u64);
        let expected = (0..200_u64).map(|item| (0..item % 5).sum::<u64>() + 7 + 26);
        assert!(mapped.expect("it runs").values.into_iter().eq(expected));
    }
}

#[test]
fn a_pipeline_in_a_processor_leaves_it_its_message() {
    for context in super::CONTEXTS {
        let outer = pipeline! {
            <u64 -> bool>;
            processor(|x: u64| x) -> pipe -> balanced fork(2) {
                processor(|x: u64| {
                    let before = (message_id(), lane());
                    let inner = pipeline! { <u64 -> u64>; processor(|y| y + message_id().to_string().len() as u64) };
                    let inner = inner.context(Context::Serial).run(0..x).all(|y| y.is_ok());
                    inner && before == (message_id(), lane())
                })
            } -> pipe -> join merge;
        };
        assert!(outer.context(context).run(0..20).all(|same| same.expect("it runs")));
    }
}

/// Pools that kernels find, because they are threads of this program. By the environment they may be something else.
fn pool(pool: &'static OnceLock<Workers>, number: usize) -> Option<&'static Workers> {
    let pool = pool.get_or_init(|| workers(Context::Threads, number));
    (pool.context() == Context::Threads).then_some(pool)
}

fn with_threads(name: &'static str, test: fn(Place)) {
    watched(name, Place(Context::Threads, Backend::Memfd, Fuse::None), test);
}

static ONE: OnceLock<Workers> = OnceLock::new();
static OTHER: OnceLock<Workers> = OnceLock::new();

/// A map on a pool that waits for this kernel is refused, also if it is started.
fn is_refused(pool: &Workers) -> bool {
    let map = || Map::over(0..10_u64).workers(pool);
    let refused = [map().run(|job| job.item).map(drop), map().start(|job| job.item).map(drop)];
    refused
        .into_iter()
        .all(|refused| refused.is_err_and(|error| error.to_string().contains("workers that wait for it")))
}

#[test]
fn a_kernel_cannot_use_the_workers_that_it_runs_on() {
    with_threads("a map on its own workers", |_| {
        let Some(pool) = pool(&ONE, 2) else { return };
        let nested = Map::over(0..10_u64).workers(pool).run(|job| {
            let inner = Map::over(0..=job.item).context(Context::Serial).run(|_| is_refused(ONE.wait()));
            is_refused(ONE.wait()) && inner.expect("it has its own").values.iter().all(|refused| *refused)
        });
        assert_eq!(nested.expect("none waits for itself").values, [true; 10]);
    });
}

/// In a kernel on the other pool, which a kernel of the first one waits for.
fn on_the_other() -> Vec<bool> {
    let map = || Map::over(0..4_u64).workers(OTHER.wait()).init(|_| Ok(())).share_len(1);
    let map =
        map().finish(|_, ()| if is_refused(ONE.wait()) { Ok(()) } else { Err(Failure::new("not refused")) });
    let started = map.start(|_| is_refused(ONE.wait()) && is_refused(OTHER.wait())).expect("it is free");
    started.map(|answer| answer.expect("none fails").value).collect()
}

#[test]
fn kernels_use_another_pool_and_none_waits_for_itself_by_way_of_it() {
    with_threads("maps on two pools", |_| {
        let (Some(one), Some(_)) = (pool(&ONE, 2), pool(&OTHER, 2)) else { return };
        let nested = Map::over(0..10_u64).workers(one).share_len(1).run(|_| on_the_other());
        assert_eq!(nested.expect("none waits for itself").values, vec![[true; 4]; 10]);
    });
}

#[test]
fn kernels_in_processes_have_pools_of_their_own() {
    side_by_side("a pool in a worker", |Place(context, ..)| {
        let workers = workers(context, 2);
        let nested = Map::over(0..6_u64).workers(&workers).share_len(1).run(|job| {
            let own = crate::workers(Context::Threads, 2);
            Map::over(0..job.item).workers(&own).run(|job| job.item).expect("it runs").values.len() as u64
        });
        assert!(nested.expect("it runs").values.into_iter().eq(0..6));
    });
}
