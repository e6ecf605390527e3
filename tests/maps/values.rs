//! What goes in, and what comes out.

use crate::{CONTEXTS, workers};
use conveyor::map::{Job, MapReport};
use conveyor::{Context, ErrorKind, Map, Message};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

#[test]
fn values_come_in_the_order_of_the_items() {
    for context in CONTEXTS {
        let workers = workers(context, 3);
        let squares = Map::over(0..100_000_u64).workers(&workers).run(|job| job.item * job.item);
        let squares = squares.expect("it runs");
        assert!(squares.values.iter().enumerate().all(|(x, square)| (x * x) as u64 == *square));
        let report = squares.report;
        assert_eq!(report.workers.iter().map(|worker| worker.items).sum::<usize>(), 100_000);
        assert_eq!(report.workers.len(), workers.number());
        assert!(report.workers.iter().any(|worker| worker.shares > 0 && worker.busy > worker.cpu / 2));
    }
}

#[test]
fn nothing_one_item_and_fewer_items_than_workers() {
    for context in CONTEXTS {
        let workers = workers(context, 4);
        for items in [0_u32, 1, 2, 3] {
            let indices = Map::over(10..10 + items).workers(&workers).run(|job| (job.index, job.item));
            let expected: Vec<_> = (0..items as usize).map(|index| (index, 10 + index as u32)).collect();
            assert_eq!(indices.expect("it runs").values, expected);
        }
    }
}

#[test]
fn values_without_a_size_cost_nothing() {
    for context in CONTEXTS {
        let nothing = Map::over(0..300_000_u64).context(context).run(|job| {
            std::hint::black_box(job.item);
        });
        assert_eq!(nothing.expect("it runs").values.len(), 300_000);
    }
}

#[derive(Clone, Debug, PartialEq, Message)]
struct Station {
    name: String,
    celsius: Vec<f32>,
}

fn warmest(job: Job<'_, StationView<'_>, (), f32>) -> Option<Station> {
    let StationView { name, celsius } = job.item;
    let celsius: Vec<f32> = celsius.iter().copied().filter(|celsius| celsius > job.with).collect();
    (!celsius.is_empty()).then(|| Station { name: name.to_owned(), celsius })
}

#[test]
fn messages_go_in_and_out_and_parameters_with_them() {
    let station =
        |name: &str, celsius: &[f32]| Station { name: name.to_owned(), celsius: celsius.to_owned() };
    let stations = vec![station("Oslo", &[-3.0, 14.5]), station("Rome", &[]), station("Cairo", &[39.0])];
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let warmest = Map::over(&stations).with(10.0).workers(&workers).run(warmest).expect("it runs");
        assert_eq!(warmest.values, [Some(station("Oslo", &[14.5])), None, Some(station("Cairo", &[39.0]))]);
    }
}

#[test]
fn large_items_and_values_travel_in_short_shares() {
    let items: Vec<Vec<u8>> = (0..40).map(|x| vec![x; 300_000]).collect();
    for context in CONTEXTS {
        let doubled = Map::over(&items).context(context).run(|job| [job.item, job.item].concat());
        let doubled = doubled.expect("it runs");
        let is_double =
            |(item, double): (&Vec<u8>, &Vec<u8>)| double.len() == 600_000 && double[599_999] == item[0];
        assert!(items.iter().zip(&doubled.values).all(is_double));
    }
}

#[test]
fn each_worker_has_a_state_of_its_own() {
    for context in CONTEXTS {
        let workers = workers(context, 3);
        let map = Map::over(0..10_000_u32).with(7_u64).workers(&workers);
        let map = map.init(|setup| Ok((setup.worker, *setup.with, 0_u32)));
        let seen = map.run(|job| {
            let (worker, with, calls) = job.state;
            *calls += 1;
            (*worker == job.worker && *with == 7, *calls)
        });
        let seen = seen.expect("it runs");
        assert!(seen.values.iter().all(|(own, _)| *own));
        let most = seen.values.iter().map(|(_, calls)| *calls).max();
        let by_worker = seen.report.workers.iter().map(|worker| worker.items).max();
        assert_eq!(most.map(|calls| calls as usize), by_worker, "a state lives as long as the map");
    }
}

#[test]
fn too_large_an_answer_is_an_error_of_its_item() {
    for context in [Context::Threads, Context::Processes] {
        let workers = workers(context, 1);
        let sized = |len: usize, share_len: usize| {
            let map = Map::over(0..4_u64).with(len).workers(&workers).share_len(share_len);
            map.run(|job| if job.item == 2 { vec![1_u8; *job.with] } else { Vec::new() })
        };
        let (share_len, position, items) =
            if context == Context::Threads { (4, None, "0 to 3") } else { (1, Some(2), "2 to 2") };
        let error = sized(256 << 20, share_len).unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, position), "{error}");
        assert!(
            error.to_string().contains(&format!("what came of the items {items} has 2684354")),
            "{error}"
        );
        assert_eq!(sized(1 << 20, 1).expect("the workers are still there").values[2].len(), 1 << 20);
    }
}

/// What has the same size in every share says nothing about its items.
#[test]
fn large_parameters_and_accumulators_do_not_shorten_shares() {
    for context in CONTEXTS {
        let workers = workers(context, 1);
        let shares = |report: MapReport| report.workers.iter().map(|worker| worker.shares).sum::<usize>();
        let map = Map::over(0..100_000_u64).with(vec![1_u8; 600_000]).workers(&workers);
        let mapped = map.run(|job| job.with[job.index] == 1).expect("it runs");
        assert!(shares(mapped.report) < 50_000, "{context:?}");
        let map = Map::over(0..100_000_u64).workers(&workers);
        let counts = map.fold(vec![0_u64; 75_000], |counts, job| counts[job.index % 75_000] += 1);
        let add = |a: Vec<u64>, b: Vec<u64>| a.iter().zip(b).map(|(a, b)| a + b).collect();
        let counts = counts.reduce(add).expect("it runs");
        assert_eq!(counts.value.iter().sum::<u64>(), 100_000);
        assert!(shares(counts.report) < 50_000, "{context:?}");
    }
}

#[test]
fn ranges_may_include_their_end() {
    for context in CONTEXTS {
        let map = Map::over(u8::MIN..=u8::MAX).context(context).number(2);
        assert_eq!(map.run(|job| job.item).expect("it runs").values, (0..=255).collect::<Vec<u8>>());
    }
}

#[test]
fn reports_tell_of_workers_and_cores() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let spin = |job: Job<'_, u64>| (0..1000).fold(job.item, |x, round| std::hint::black_box(x ^ round));
        let reports: Vec<_> = (0..3)
            .map(|_| Map::over(0..1000_u64).workers(&workers).run(spin).expect("it runs").report)
            .collect();
        let usage = workers.usage();
        assert_eq!(usage.workers.iter().map(|worker| worker.items).sum::<usize>(), 3000);
        for report in reports.iter().chain([&usage]) {
            let by_worker: Duration = report.workers.iter().map(|worker| worker.cpu).sum();
            assert_eq!(report.cores.iter().sum::<Duration>(), by_worker, "{context:?}");
            assert!(by_worker > Duration::ZERO || !cfg!(target_os = "linux"));
        }
        let together: Duration = reports.iter().flat_map(|report| &report.cores).sum();
        assert_eq!(together, usage.cores.iter().sum());
    }
}

/// What this thread has had of a core.
fn own_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("it does not run backwards")
}

/// As its own clock measures it.
#[test]
fn a_report_counts_for_each_worker_what_its_kernels_have_used() {
    const LONG: Duration = Duration::from_millis(20);
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let mapped = Map::over(0..100_u64).workers(&workers).run(|job| {
            let started = own_time();
            while job.item == 50 && own_time() - started < LONG {}
            (job.worker, (own_time() - started).as_nanos() as u64)
        });
        let mapped = mapped.expect("it runs");
        for (number, worker) in mapped.report.workers.iter().enumerate() {
            let own = mapped.values.iter().filter(|(by, _)| *by == number);
            let used = Duration::from_nanos(own.map(|(_, used)| used).sum());
            assert!(
                worker.cpu >= used || !cfg!(target_os = "linux"),
                "{context:?}: {worker:?}, of which {used:?}"
            );
        }
        assert!(mapped.report.cores.iter().sum::<Duration>() >= LONG || !cfg!(target_os = "linux"));
    }
}
