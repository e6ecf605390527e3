//! What a kernel fails or panics with.

use crate::{CONTEXTS, workers};
use conveyor::map::{Answer, OnError};
use conveyor::{ErrorKind, Failure, Map, SharedArray};

#[test]
fn an_error_names_worker_and_index_and_the_lowest_one_counts() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let failed = Map::over(0..10_000_u64).workers(&workers).try_run(|job| match job.item % 3000 {
            2999 => Err(Failure::new(format_args!("{} is too much for {}", job.item, job.worker))),
            _ => Ok(job.item),
        });
        let error = failed.unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(2999)), "{error}");
        let worker = error.lane().expect("it has one");
        let text = format!("failed at item 2999: 2999 is too much for {worker}");
        assert!((worker as usize) < workers.number() && error.to_string().ends_with(&text), "{error}");
        let next = Map::over(0..3_u64).workers(&workers).run(|job| job.item);
        assert_eq!(next.expect("the workers are still there").values, [0, 1, 2]);
    }
}

#[test]
fn a_panic_is_caught_and_the_worker_makes_its_state_again() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let map = Map::over(0..100_u64).share_len(1).workers(&workers).init(|_| Ok(true));
        let error = map.run(|job| {
            assert!(
                std::mem::replace(job.state, job.item % 10 != 7),
                "the state of a share that has panicked"
            );
            assert!(job.item % 10 != 7, "seven");
        });
        let error = error.unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Panicked, Some(7)), "{error}");
        assert!(error.cause().starts_with("seven, at tests/maps/errors.rs:"), "{error}");
    }
}

#[test]
fn the_others_finish_or_stop() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let run = |on_error| {
            let path = std::env::temp_dir().join(format!("conveyor-map-{}-{on_error:?}", std::process::id()));
            std::fs::write(&path, "").expect("it can be written");
            let map = Map::over(0..1000_u64).share_len(1).with(path.clone()).workers(&workers);
            let failed = map.on_error(on_error).try_run(|job| {
                if job.index == 0 {
                    return Err(Failure::new("the first one"));
                }
                let mut file = std::fs::OpenOptions::new().append(true).open(job.with)?;
                Ok(std::io::Write::write_all(&mut file, b".")?)
            });
            assert_eq!(failed.unwrap_err().position(), Some(0));
            let done = std::fs::metadata(&path).expect("it is there").len();
            std::fs::remove_file(path).expect("it is there");
            done
        };
        assert_eq!(run(OnError::Finish), 999);
        assert!(run(OnError::Stop) < 999);
    }
}

fn indices(answers: &[Answer<u64>]) -> Vec<usize> {
    let mut indices: Vec<_> = answers.iter().map(|answer| answer.index).collect();
    assert!(answers.iter().all(|answer| answer.value == 3 * answer.index as u64));
    indices.sort_unstable();
    indices
}

/// Some fail and some panic, whatever lies with them in a share.
#[test]
fn every_item_that_does_well_has_its_output_and_its_answer() {
    let fails = |item: usize| item % 10 == 3 || item % 10 == 4 || item % 50 == 49;
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for share_len in [1, 7, 100, 1000] {
            let out = SharedArray::<u64>::zeros(1000).expect("there is memory");
            let map = Map::over(0..1000_u64).output(out).workers(&workers).share_len(share_len);
            let mut running = map
                .try_start(|job| {
                    assert!(job.item % 50 != 49, "forty-nine");
                    if let 3 | 4 = job.item % 10 {
                        return Err(Failure::new("three or four"));
                    }
                    *job.out = job.item + 1;
                    Ok(3 * job.item)
                })
                .expect("it starts");
            let answers: Vec<_> = running.by_ref().map_while(Result::ok).collect();
            assert_eq!(indices(&answers), (0..1000).filter(|item| !fails(*item)).collect::<Vec<_>>());
            let unfinished = running.finish().unwrap_err();
            let error = &unfinished.error;
            assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(3)), "{error}");
            let written = |item| if fails(item) { 0 } else { item as u64 + 1 };
            assert!(unfinished.out.as_slice().iter().copied().eq((0..1000).map(written)), "{context:?}");
        }
    }
}

/// Not more than twenty are under way beyond the first one that is missing.
#[test]
fn a_map_that_stops_gives_all_that_is_before_the_error() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for share_len in [1, 7, 20] {
            let map = Map::over(0..100_000_u64).share_len(share_len).ahead(20).in_order().workers(&workers);
            let map = map.on_error(OnError::Stop).try_start(|job| match job.item {
                500 => Err(Failure::new("five hundred")),
                item => Ok(3 * item),
            });
            let mut running = map.expect("it starts");
            let answers: Vec<_> = running.by_ref().map_while(Result::ok).collect();
            let indices = indices(&answers);
            assert!(indices[..500].iter().copied().eq(0..500) && !indices.contains(&500));
            let with_it = 500 / share_len * share_len..(500 / share_len + 1) * share_len;
            assert!(indices[500..].iter().all(|index| !with_it.contains(index)), "its share ends there");
            assert!(indices.len() <= 520 + share_len, "{}", indices.len());
            assert_eq!(running.finish().unwrap_err().error.position(), Some(500));
        }
    }
}

/// Sums and values of a map that waits are lost with its error, but not what was written.
#[test]
fn outputs_of_a_fold_are_written_beside_an_item_that_fails() {
    for context in CONTEXTS {
        let mut out = SharedArray::<u64>::zeros(100).expect("there is memory");
        let map = Map::over(0..100_u64).output(&mut out).context(context).share_len(30);
        let sum = map.try_fold(0, |sum, job| {
            *sum += job.item;
            *job.out = job.item;
            if job.item % 40 == 7 { Err(Failure::new("seven")) } else { Ok(()) }
        });
        assert_eq!(sum.reduce(|a, b| a + b).unwrap_err().position(), Some(7));
        assert!(out.as_slice().iter().copied().eq(0..100));
    }
}
