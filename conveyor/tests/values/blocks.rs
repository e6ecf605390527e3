//! Messages move in blocks, and nobody sees that: none is held back, none is too many, none waits behind an expensive
//! one.

use crate::support::{in_one_process, in_threads};
use conveyor::{ErrorKind, Failure, Result, Source, pipeline};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex};

type Line = LazyLock<(Sender<()>, Mutex<Receiver<()>>)>;

fn line() -> (Sender<()>, Mutex<Receiver<()>>) {
    let (sender, receiver) = channel();
    (sender, Mutex::new(receiver))
}

#[test]
fn a_source_that_waits_holds_nothing_back() {
    static GATE: Line = LazyLock::new(line);
    in_threads(|context| {
        let graph = pipeline! {
            <() -> u64>;
            source((0..2000_u64).inspect(|x| {
                // nothing more before everything has come out
                if x % 250 == 249 {
                    GATE.1.lock().unwrap().recv().unwrap();
                }
            })) -> pipe -> processor(|x| x) -> pipe
        };
        for (expected, x) in (0..).zip(graph.context(context).run(())) {
            assert_eq!(x.unwrap(), expected);
            if expected % 250 == 248 {
                GATE.0.send(()).unwrap();
            }
        }
    });
}

#[test]
fn a_channel_holds_no_more_than_its_capacity() {
    static GIVEN: AtomicU64 = AtomicU64::new(0);
    const CAPACITY: u64 = 100;
    in_threads(|context| {
        let graph = pipeline! {
            <() -> u64>;
            source((0..20_000_u64).inspect(|_| {
                GIVEN.fetch_add(1, Ordering::Relaxed);
            })) -> pipe(CAPACITY as usize) -> processor(|x| {
                std::thread::yield_now();
                GIVEN.load(Ordering::Relaxed) - x
            }) -> pipe
        };
        let ahead = graph.context(context).run(()).map(|ahead| ahead.unwrap()).max().unwrap();
        // and one in each hand
        assert!(ahead <= CAPACITY + 2, "{ahead}");
    });
}

#[test]
fn nothing_waits_behind_a_message_that_takes_long() {
    static OTHERS: Line = LazyLock::new(line);
    const COUNT: u64 = 500;
    in_threads(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe -> balanced fork(2) {
                processor(|x| {
                    match x {
                        0 => (1..COUNT).for_each(|_| OTHERS.1.lock().unwrap().recv().unwrap()),
                        _ => OTHERS.0.send(()).unwrap(),
                    }
                    x
                })
            } -> pipe -> join merge
        };
        let mut outputs: Vec<u64> = graph.context(context).run(0..COUNT).map(|x| x.unwrap()).collect();
        outputs.sort_unstable();
        assert_eq!(outputs, (0..COUNT).collect::<Vec<_>>());
    });
}

#[test]
fn what_was_given_before_a_failure_comes_out() {
    in_one_process(|context| {
        let graph = pipeline! {
            <() -> u64>;
            source(0..5000_u64) -> pipe -> try_map(|x| {
                match x {
                    3333 => Err(conveyor::Failure::new("no more")),
                    x => Ok(x),
                }
            })
        };
        let (given, failed): (Vec<_>, Vec<_>) = graph.context(context).run(()).partition(Result::is_ok);
        assert_eq!(given.len(), 3333);
        let error = failed.into_iter().find_map(Result::err).unwrap();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(3333)));
    });
}

#[test]
fn a_full_pipeline_is_noticed_in_the_middle_of_a_block() {
    in_threads(|context| {
        let graph = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(64) };
        let mut run = graph.context(context).start().unwrap();
        for taken in 0..200 {
            let refused = (0..20_000).find_map(|x| run.send(x).err()).expect("it is full at some time");
            assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock, "after {taken} messages");
            run.recv().unwrap();
        }
    });
}

struct Failing(u64);

impl Source for Failing {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        if self.0 == 2334 { Err(Failure::new("no more")) } else { Ok(Some(self.0)) }
    }
}

#[test]
fn what_a_source_gave_before_it_failed_comes_out() {
    in_one_process(|context| {
        for _ in 0..100 {
            let graph = pipeline! { <() -> u64>; source(Failing(0)) -> pipe };
            let (given, failed): (Vec<_>, Vec<_>) = graph.context(context).run(()).partition(Result::is_ok);
            assert_eq!((given.len(), failed.len()), (2333, 1));
        }
    });
}
