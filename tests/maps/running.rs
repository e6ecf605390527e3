//! Maps that run while their caller does something else.

use crate::harness::Place;
use crate::{CONTEXTS, count, counts, side_by_side, wait_for, workers};
use conveyor::array::FixedStr;
use conveyor::map::{OnError, chunks, rows};
use conveyor::{Context, ErrorKind, Failure, Map, SharedArray};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn every_item_has_one_answer_in_order_or_as_they_come() {
    for context in CONTEXTS {
        let workers = workers(context, 3);
        let map = || Map::over(0..20_000_u64).workers(&workers);
        let mut running = map().start(|job| 3 * job.item).expect("it starts");
        let mut answers: Vec<_> =
            running.by_ref().map(|answer| answer.expect("none fails")).map(|a| (a.index, a.value)).collect();
        answers.sort_unstable();
        assert!(
            answers.iter().copied().eq((0..20_000).map(|index| (index, 3 * index as u64))),
            "{context:?}"
        );
        let report = running.finish().expect("it has ended").report;
        assert_eq!(report.workers.iter().map(|worker| worker.items).sum::<usize>(), 20_000);

        let running = map().in_order().start(|job| 3 * job.item).expect("it starts");
        let indices = running.map(|answer| answer.expect("none fails").index);
        assert!(indices.eq(0..20_000), "{context:?}");
    }
}

#[test]
fn arrays_of_different_types_with_different_kernels_on_one_pool() {
    let numbers = SharedArray::from_fn(5000, |x| x as i64).expect("there is memory");
    let names =
        SharedArray::from_fn(700, |x| FixedStr::<16>::try_from(&*format!("name {x}")).expect("short"));
    let names = names.expect("there is memory");
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let squares = SharedArray::<i64>::zeros(5000).expect("there is memory");
        let squares = Map::over(numbers.clone()).output(squares).workers(&workers);
        let squares = squares.start(|job| *job.out = job.item * job.item).expect("it starts");
        let lengths = Map::over(chunks(names.clone(), 100)).workers(&workers).in_order();
        let lengths = lengths.start(|job| job.item.iter().map(|name| name.as_str().len()).sum::<usize>());
        let lengths: Vec<usize> =
            lengths.expect("it starts").map(|answer| answer.expect("none fails").value).collect();
        let expected = (0..700_usize).map(|x| format!("name {x}").len()).collect::<Vec<_>>();
        assert_eq!(lengths, expected.chunks(100).map(|part| part.iter().sum()).collect::<Vec<usize>>());
        let squares = squares.finish().expect("none fails").out;
        assert!(squares.as_slice().iter().copied().eq((0..5000).map(|x| x * x)), "{context:?}");
    }
}

#[test]
fn rows_that_a_map_has_come_back() {
    for context in CONTEXTS {
        let table = SharedArray::<u32>::build([100, 7]).context(Context::Processes);
        let table = table.zeros().expect("there is memory");
        let map = Map::over(0..100_u32).output(rows(table)).context(context);
        let ended = map.start(|job| job.out.fill(job.item)).expect("it starts").finish().expect("none fails");
        let mut table = ended.out.into_array();
        assert!(table.parts().enumerate().all(|(row, part)| part == [row as u32; 7]));
        table.as_mut_slice().expect("nobody else has it any more");
    }
}

/// The kernel counts itself; nobody takes an answer.
#[test]
fn no_more_are_under_way_than_there_may_be() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let count = SharedArray::<AtomicU64>::zeros(1).expect("there is memory");
        let map = Map::over(0..1000_u64).with(count.clone()).workers(&workers).ahead(5).in_order();
        let mut running = map
            .start(|job| {
                job.with[[0]].fetch_add(1, Ordering::SeqCst);
                job.item
            })
            .expect("it starts");
        for taken in 0..1000 {
            assert_eq!(running.next().expect("there are more").expect("none fails").value, taken);
            let begun = count[[0]].load(Ordering::SeqCst);
            assert!(begun <= taken + 1 + 5, "{begun} have begun when {taken} were taken");
        }
        assert!(running.next().is_none());
    }
}

#[test]
fn an_error_comes_behind_the_answers() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let run = |on_error| {
            let map = Map::over(0..100_u64).share_len(1).workers(&workers).on_error(on_error).in_order();
            let running = map.try_start(|job| match job.item {
                7 => Err(Failure::new("seven")),
                item => Ok(item),
            });
            running.expect("it starts").map(|answer| answer.map(|answer| answer.value)).collect::<Vec<_>>()
        };
        let mut answers = run(OnError::Finish);
        let error = answers.pop().expect("it is the last one").unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(7)));
        let values = answers.into_iter().map(|answer| answer.expect("only one has failed"));
        assert!(values.eq((0..100).filter(|item| *item != 7)));

        let mut answers = run(OnError::Stop);
        assert_eq!(answers.pop().expect("it is the last one").unwrap_err().position(), Some(7));
        let values = answers.into_iter().map(|answer| answer.expect("only one has failed"));
        assert!(values.take(7).eq(0..7));
    }
}

#[test]
fn one_that_is_dropped_or_stopped_leaves_the_pool_usable() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for taken in [0, 1, 50] {
            let out = SharedArray::<u64>::zeros(100_000).expect("there is memory");
            let map = Map::over(0..100_000_u64).output(out).workers(&workers).share_len(1);
            let mut running = map.start(|job| *job.out = job.item).expect("it starts");
            assert_eq!(running.by_ref().take(taken).filter(Result::is_ok).count(), taken);
        }
        let running = Map::over(0..100_000_u64).workers(&workers).ahead(100).start(|job| job.item);
        let running = running.expect("it starts");
        running.stop();
        assert!(running.count() <= 100, "nothing was taken before, so no more were under way");
        let next = Map::over(0..3_u64).workers(&workers).run(|job| job.item);
        assert_eq!(next.expect("the workers are free").values, [0, 1, 2]);
    }
}

#[test]
fn states_finish_before_the_end() {
    for context in CONTEXTS {
        let counted = SharedArray::<AtomicU64>::zeros(1).expect("there is memory");
        let map = Map::over(0..5000_u64).with(counted.clone()).context(context).init(|_| Ok(0));
        let map = map.finish(|end, count| {
            end.with[[0]].fetch_add(count, Ordering::Relaxed);
            Ok(())
        });
        map.start(|job| *job.state += 1).expect("it starts").finish().expect("none fails");
        assert_eq!(counted[[0]].load(Ordering::Relaxed), 5000);
    }
}

#[test]
fn an_output_with_another_holder_is_refused_behind_the_start() {
    let out = SharedArray::<u64>::zeros(10).expect("there is memory");
    let other = out.clone();
    let mut running = Map::over(0..10_u64).output(out).start(|job| *job.out = job.item).expect("it starts");
    let error = running.next().expect("an error comes").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Array);
    assert!(running.next().is_none(), "it comes once");
    assert_eq!(running.finish().unwrap_err().error.kind(), ErrorKind::Array);
    drop(other);
}

struct Panics;

impl conveyor::map::Items for Panics {
    type Share = u64;
    type Item<'a> = u64;
    fn len(&self) -> usize {
        10
    }
    fn share(&self, range: std::ops::Range<usize>) -> u64 {
        assert!(range.start < 5, "the caller's own code");
        range.start as u64
    }
    fn iter<'a>(share: &'a u64, _: &'a conveyor::map::Scope) -> impl Iterator<Item = u64> {
        std::iter::once(*share)
    }
}

#[test]
fn a_panic_of_its_thread_arrives() {
    for context in CONTEXTS {
        let workers = workers(context, 1);
        let out = SharedArray::<u64>::zeros(10).expect("there is memory");
        let map = Map::over(Panics).output(out).share_len(1).workers(&workers);
        let mut running = map.start(|job| *job.out = job.item + 1).expect("it starts");
        let panic = catch_unwind(AssertUnwindSafe(|| running.by_ref().count())).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"the caller's own code"));
        let unfinished = running.finish().unwrap_err();
        assert_eq!(unfinished.error.kind(), ErrorKind::Panicked);
        assert!(unfinished.out.as_slice().iter().all(|out| *out <= 5), "the outputs come back all the same");
    }
}

/// In a thread of its own, as the caller does something else.
#[test]
fn every_answer_is_called_back_with() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let map = |fails: u64| {
            let out = SharedArray::<u64>::zeros(1000).expect("there is memory");
            let map = Map::over(0..1000_u64).output(out).with(fails).workers(&workers).in_order().ahead(10);
            let map = map.try_start(|job| {
                *job.out = job.item + 1;
                if job.item == *job.with { Err(Failure::new("enough")) } else { Ok(3 * job.item) }
            });
            let (map, mut called) = (map.expect("it starts"), Vec::new());
            let calls = std::thread::spawn(move || {
                let ended = map.for_each_answer(|answer| called.push((answer.index, answer.value)));
                (called, ended)
            });
            calls.join().expect("it does not panic")
        };
        let (called, ended) = map(u64::MAX);
        assert!(called.into_iter().eq((0..1000).map(|index| (index, 3 * index as u64))), "{context:?}");
        assert!(ended.expect("none fails").out.as_slice().iter().copied().eq(1..=1000));

        let (called, ended) = map(7);
        let others = (0..1000).filter(|index| *index != 7).map(|index| (index, 3 * index as u64));
        assert!(called.into_iter().eq(others), "{context:?}");
        let unfinished = ended.unwrap_err();
        assert_eq!((unfinished.error.position(), unfinished.out[[999]]), (Some(7), 1000));
    }
}

/// Nobody takes an answer before all have begun.
#[test]
fn as_many_may_be_ahead_as_the_caller_says() {
    side_by_side("many ahead", |Place(context, ..)| {
        let (workers, begun) = (workers(context, 2), counts(1));
        let map = Map::over(0..100_u64).with(begun.clone()).workers(&workers).share_len(1).ahead(100);
        let running = map.start(|job| count(job.with, 0)).expect("it starts");
        wait_for(&begun, 0, 100);
        assert_eq!(running.count(), 100);
    });
}

#[test]
fn shares_stay_whole_however_few_are_ahead() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for (share_len, ahead) in [(10, 25), (10, 1), (7, 7)] {
            let map = Map::over(0..1000_u64).workers(&workers).share_len(share_len).ahead(ahead);
            let mut running = map.in_order().start(|job| job.item).expect("it starts");
            assert_eq!(running.by_ref().filter(Result::is_ok).count(), 1000);
            let report = running.finish().expect("it has ended").report;
            let shares = report.workers.iter().map(|worker| worker.shares).sum::<usize>();
            assert_eq!(shares, 1000_usize.div_ceil(share_len), "{ahead} ahead");
        }
    }
}

#[test]
fn a_map_is_stopped_from_within_a_loop_over_it() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let map = Map::over(0..100_000_u64).workers(&workers).ahead(10).in_order();
        let mut running = map.start(|job| job.item).expect("it starts");
        let (stop, mut taken) = (running.stop_handle(), 0);
        for answer in &mut running {
            assert_eq!(answer.expect("none fails").value, taken);
            taken += 1;
            if taken == 100 {
                stop.clone().stop();
            }
        }
        assert!((100..=110).contains(&taken), "{taken} were taken");
        running.finish().expect("to be stopped is no error");
        stop.stop();
    }
}

/// It waits for room, and nobody takes anything.
#[test]
fn a_map_that_waits_can_be_stopped_from_elsewhere() {
    side_by_side("stopped from elsewhere", |Place(context, ..)| {
        let (workers, begun) = (workers(context, 2), counts(1));
        let map = Map::over(0..100_u64).with(begun.clone()).workers(&workers).ahead(10).share_len(1);
        let running = map.start(|job| count(job.with, 0)).expect("it starts");
        wait_for(&begun, 0, 10);
        let stop = running.stop_handle();
        let stopping = std::thread::spawn(move || stop.stop());
        stopping.join().expect("it does not panic");
        assert_eq!(running.count(), 10);
    });
}
