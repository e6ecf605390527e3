//! Kernels that run something of their own: the worker stays who it is.

use super::workers;
use conveyor::map::per_worker;
use conveyor::{Context, Map, SharedArray, lane, message_id, pipeline};

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
