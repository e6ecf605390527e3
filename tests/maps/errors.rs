//! What a kernel fails or panics with.

use crate::{CONTEXTS, workers};
use conveyor::map::OnError;
use conveyor::{ErrorKind, Failure, Map};

#[test]
fn an_error_names_worker_and_index_and_the_lowest_one_counts() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let failed = Map::over(0..10_000_u64).workers(&workers).try_run(|job| match job.item % 3000 {
            2999 => Err(Failure::new(format_args!("{} is too much", job.item))),
            _ => Ok(job.item),
        });
        let error = failed.unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(2999)), "{error}");
        assert!(error.lane().is_some_and(|worker| (worker as usize) < workers.number()));
        assert!(error.to_string().ends_with("failed at item 2999: 2999 is too much"), "{error}");
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
