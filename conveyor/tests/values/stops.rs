//! Runs that are given up half-way, and the two ends in two threads.

use crate::support::{everywhere, in_one_process};
use conveyor::{Context, Error, ErrorKind, pipeline};

#[test]
fn a_run_is_dropped_half_way() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(2) -> balanced fork(2) { processor(|x| x) -> pipe(1)
                -> processor(|x| x) } -> pipe(1) -> join ordered
        };
        for taken in [0, 1, 5] {
            let mut run = graph.clone().context(context).run(0..);
            for expected in 0..taken {
                assert_eq!(run.next().unwrap().unwrap(), expected);
            }
        }
    });
}

#[test]
fn an_endless_source_is_stopped() {
    everywhere(|context| {
        let graph = pipeline! { <() -> u64>; source(0_u64..) -> pipe(1) -> processor(|x| x) };
        let mut run = graph.context(context).start().unwrap();
        assert_eq!(run.recv().unwrap(), 0);
        run.stop().unwrap();
    });
}

#[test]
fn an_idle_run_is_dropped() {
    everywhere(|context| {
        let graph = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(|x| x) };
        drop(graph.context(context).start().unwrap());
    });
}

#[test]
fn a_thread_that_only_sends_is_told() {
    in_one_process(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(3) -> processor(|x| x) -> pipe(3) -> processor(|x| x) -> pipe(3)
        };
        let mut run = graph.context(context).start().unwrap();
        let error = (0..20_000).find_map(|x| run.send(x).err()).expect("it is full at some time");
        assert_eq!(error.error().kind(), ErrorKind::WouldDeadlock);
        run.close();
        let received: Vec<u64> = std::iter::from_fn(|| run.recv().ok()).collect();
        assert_eq!(received, (0..error.into_message()).collect::<Vec<u64>>());
    });
}

#[test]
fn the_head_in_another_thread() {
    everywhere(|context| {
        let graph =
            pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(3) -> processor(|x| x + 1) -> pipe(3) };
        let (mut head, mut end) = graph.context(context).start().unwrap().split();
        let sender = std::thread::spawn(move || (0..5000).for_each(|x| head.send(x).unwrap()));
        let received = end.iter().collect::<Result<Vec<u64>, Error>>().unwrap();
        assert_eq!(received, (1..=5000).collect::<Vec<u64>>());
        sender.join().unwrap();
    });
}

#[test]
fn the_end_of_a_serial_run_stays_in_its_thread() {
    let graph = pipeline! { <u64 -> u64>; processor(|x| x + 1) };
    let (mut head, mut end) = graph.context(Context::Serial).start().unwrap().split();
    head.send(1).unwrap();
    let error = std::thread::spawn(move || end.iter().find_map(Result::err).unwrap()).join().unwrap();
    assert!(error.cause().contains("thread that has started it"), "{error}");
}

#[test]
fn the_end_of_a_threads_run_goes_anywhere() {
    let graph = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(3) -> processor(|x| x + 1) -> pipe(3) };
    let (mut head, mut end) = graph.context(Context::Threads).start().unwrap().split();
    let receiver = std::thread::spawn(move || end.iter().collect::<Result<Vec<u64>, Error>>().unwrap());
    (0..5000).for_each(|x| head.send(x).unwrap());
    drop(head);
    assert_eq!(receiver.join().unwrap(), (1..=5000).collect::<Vec<u64>>());
}
