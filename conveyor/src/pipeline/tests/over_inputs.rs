//! `run`

use super::engine::{Fake, failure};
use crate::pipeline::Run;
use crate::{Error, ErrorKind};

fn run<I: IntoIterator<Item = u64>>(fake: &Fake, inputs: I) -> Run<u64, u64, I::IntoIter> {
    Run::new(Ok(fake.engine()), inputs.into_iter())
}

fn outputs(fake: &Fake, inputs: impl IntoIterator<Item = u64>) -> Vec<u64> {
    run(fake, inputs).collect::<Result<_, _>>().unwrap()
}

#[test]
fn it_ends_whatever_the_capacities_and_the_numbers_of_outputs() {
    for rooms in [(1, 1), (1, 3), (2, 1), (5, 100), (1000, 1), (1000, 1000)] {
        for (name, every, copies) in
            [("one", 1, 1), ("none", 1, 0), ("few", 97, 1), ("many", 1, 3), ("bursts", 50, 400)]
        {
            let work = move |x: u64| vec![x; if x.is_multiple_of(every) { copies } else { 0 }];
            let expected: Vec<u64> = (0..1000).flat_map(work).collect();
            let fake = Fake::new(rooms, move |x| Ok(work(x)));
            assert_eq!(outputs(&fake, 0..1000), expected, "{name} with room for {rooms:?}");
        }
    }
}

#[test]
fn no_input_gives_no_output() {
    assert!(outputs(&Fake::new((1, 1), |x| Ok(vec![x])), []).is_empty());
}

#[test]
fn outputs_of_the_end_come_too() {
    // more in the pipeline than either end holds, and nothing left to send
    let fake = Fake::new((4, 1), |x| Ok(vec![x; 10]));
    assert_eq!(outputs(&fake, 0..4).len(), 40);
}

#[test]
fn an_error_comes_once_and_last() {
    let fake = Fake::new((4, 4), |x| if x == 10 { Err(failure("ten")) } else { Ok(vec![x]) });
    let mut run = run(&fake, 0..1000);
    let error = run.by_ref().find_map(Result::err).expect("it fails");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("worker")));
    assert!(run.next().is_none() && run.next().is_none());
}

#[test]
fn a_run_that_cannot_start_gives_the_reason() {
    let refused: Result<_, Error> = Err(Error::new(ErrorKind::Start, "no"));
    let mut run = Run::<u64, u64, _>::new(refused, 0..3);
    assert_eq!(run.next().unwrap().unwrap_err().kind(), ErrorKind::Start);
    assert!(run.next().is_none());
    assert!(run.report().lanes().is_empty());
}

#[test]
fn after_the_end_it_stays_at_the_end_and_still_reports() {
    let fake = Fake::new((4, 4), |x| Ok(vec![x]));
    let mut run = run(&fake, [1]);
    assert_eq!(run.next().unwrap().unwrap(), 1);
    assert!(run.next().is_none() && run.next().is_none());
    assert_eq!(run.report().lanes().len(), 0);
    drop(run);
    assert!(!fake.world().stopped, "it had ended by itself");
}

#[test]
fn dropped_half_way_it_stops_and_waits_for_the_workers() {
    let fake = Fake::new((4, 4), |x| Ok(vec![x]));
    let mut run = run(&fake, 0..);
    assert_eq!(run.next().unwrap().unwrap(), 0);
    drop(run);
    let world = fake.world();
    assert!(world.stopped);
    assert_eq!(world.joined_after, Some(2), "the ends go first: a worker may wait at them");
}

#[test]
fn it_takes_no_more_inputs_than_it_needs() {
    let fake = Fake::new((4, 4), |x| Ok(vec![x]));
    let mut taken = 0;
    let mut run = run(&fake, (0..1000).inspect(|_| taken += 1));
    for _ in 0..10 {
        run.next().unwrap().unwrap();
    }
    drop(run);
    assert!(taken <= 10 + 4 + 4 + 2, "{taken} inputs for 10 outputs");
}

#[test]
fn while_outputs_are_there_inputs_are_sent_all_the_same() {
    // every input fills the end for long: the worker must find the next one before the end is empty
    let fake = Fake::new((1000, 10_000), |x| Ok(vec![x; 10]));
    let mut sent = 0;
    let mut run = run(&fake, (0..500).inspect(|x| sent = *x));
    for _ in 0..2000 {
        run.next().unwrap().unwrap();
    }
    drop(run);
    assert!(sent > 250, "after 200 of the inputs have been used up, only {sent} were sent");
}
