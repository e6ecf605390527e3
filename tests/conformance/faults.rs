//! What ends a run early: it is told once, with the name, the worker, the message and the cause; and nothing hangs.

use crate::harness::Place;
use conveyor::{Error, ErrorKind, Expand, Failure, Outlet, Processor, Result, Sink, Source, pipeline};
use std::process::Command;

in_every_context! {
    an_error_of_a_processor an_error_of_a_source an_error_of_a_sink an_error_in_a_balanced_fork
    an_error_before_an_ordered_join an_error_in_a_branch_of_a_zip an_error_at_the_end errors_of_constructors
    panics panics_of_constructors an_error_behind_full_pipes an_error_while_nothing_is_sent
    an_error_under_way_to_the_end the_first_error_is_told_of_many a_failed_pipeline_runs_again,
    processes only: exits aborts kills an_exit_in_a_constructor
}

/// Both can be handed to whoever tells of them, on any thread.
const _: () = {
    const fn goes_anywhere<T: Send + Sync + 'static>() {}
    goes_anywhere::<Error>();
    goes_anywhere::<Failure>();
};

const AT: u64 = 700;

/// Fails at one number.
fn refuse(x: u64) -> Result<u64> {
    if x == AT { Err(Failure::new("seven hundred is refused")) } else { Ok(x) }
}

fn burst(x: u64) -> u64 {
    assert!(x != AT, "seven hundred bursts");
    x
}

fn an_error_of_a_processor(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor first = |x: u64| x;
        try_map picky = refuse;
        processor last = |x: u64| x;
        first -> pipe -> picky -> pipe -> last;
    };
    let error = place.error(row, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("picky")), "{error}");
    assert_eq!((error.position(), error.cause()), (Some(AT), "seven hundred is refused"), "{error}");
    assert!(error.to_string().starts_with("`picky` failed at message 700"), "{error}");
}

struct Broken(u64);
impl Source for Broken {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        refuse(self.0).map(Some)
    }
}

fn an_error_of_a_source(place: Place) {
    let row = pipeline! {
        <() -> u64>;
        source broken = Broken(0);
        broken -> pipe -> processor(|x| x);
    };
    let mut run = place.of(row).run(());
    let error = run.by_ref().find_map(|output| output.err()).expect("the run fails");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("broken")), "{error}");
    assert_eq!(error.cause(), "seven hundred is refused");
}

struct Picky;
impl Sink for Picky {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        refuse(x).map(drop)
    }
}

fn an_error_of_a_sink(place: Place) {
    let row = pipeline! {
        <u64 -> ()>;
        sink picky = Picky;
        processor(|x| x) -> pipe -> picky;
    };
    let error = place.of(row).run_to_end(0..5000).expect_err("the run fails");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("picky")), "{error}");
    assert_eq!(error.position(), Some(AT), "{error}");
}

fn an_error_in_a_balanced_fork(place: Place) {
    let farmed = pipeline! {
        <u64 -> u64>;
        try_map picky = refuse;
        processor(|x| x) -> pipe -> balanced fork(3) { picky } -> pipe -> join merge
    };
    let error = place.error(farmed, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("picky")), "{error}");
    assert!(error.lane().is_some_and(|lane| lane < 3), "{error}");
    assert_eq!(error.position(), Some(AT), "the position on the fork's pipe: {error}");
    let worker = error.lane().map(|lane| format!("`picky` (worker {lane} of 3) failed"));
    assert!(worker.is_some_and(|worker| error.to_string().starts_with(&worker)), "{error}");
}

fn an_error_before_an_ordered_join(place: Place) {
    let ordered = pipeline! {
        <u64 -> u64>;
        try_map picky = refuse;
        processor(|x| x) -> pipe(4) -> balanced fork(2) { picky } -> pipe(4) -> join ordered
    };
    let outputs: Vec<_> = place.of(ordered).run(0..5000).collect();
    let (error, before) = outputs.split_last().expect("it fails");
    assert_eq!(error.as_ref().expect_err("the last one is the error").processor(), Some("picky"));
    let before: Vec<u64> = before.iter().map(|output| *output.as_ref().expect("one error")).collect();
    assert_eq!(before, (0..before.len() as u64).collect::<Vec<_>>(), "what comes before is in order");
    assert!(before.len() as u64 <= AT);
}

fn an_error_in_a_branch_of_a_zip(place: Place) {
    let pairs = pipeline! {
        <u64 -> (u64, u64)>;
        try_map picky = refuse;
        processor(|x| x) -> pipe(2) -> replicated fork { processor(|x| x), picky } -> pipe(2) -> join zip
    };
    let error = place.error(pairs, 0..5000);
    assert_eq!((error.processor(), error.position()), (Some("picky"), Some(AT)), "{error}");
}

struct FailsAtTheEnd;
impl Processor for FailsAtTheEnd {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        Ok(x)
    }
    fn finish(&mut self) -> Result<()> {
        Err(Failure::new("no end"))
    }
}

fn an_error_at_the_end(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor endless = FailsAtTheEnd;
        endless -> pipe -> processor(|x| x);
    };
    let error = place.error(row, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("endless")), "{error}");
    assert_eq!((error.position(), error.cause()), (None, "no end"), "{error}");
}

/// Fails to be made.
fn missing() -> Result<impl FnMut(u64) -> u64> {
    std::fs::File::open("/nowhere/at/all")?;
    Ok(|x| x)
}

fn missing_source() -> Result<std::ops::Range<u64>> {
    std::fs::File::open("/nowhere/at/all")?;
    Ok(0..3)
}

fn errors_of_constructors(place: Place) {
    let processor = pipeline! {
        <u64 -> u64>;
        processor unmade = missing()?;
        processor(|x| x) -> pipe -> unmade -> pipe -> processor(|x| x);
    };
    let error = place.error(processor, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Constructor, Some("unmade")), "{error}");
    assert!(error.cause().contains("No such file"), "{error}");
    assert!(error.to_string().starts_with("`unmade` could not be made"), "{error}");

    let farmed = pipeline! {
        <u64 -> u64>;
        processor unmade = missing()?;
        processor(|x| x) -> pipe -> balanced fork(2) { unmade } -> pipe -> join merge;
    };
    let error = place.error(farmed, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Constructor, Some("unmade")), "{error}");

    let source = pipeline! {
        <() -> u64>;
        source unmade = missing_source()?;
        unmade -> pipe -> processor(|x| x);
    };
    let error = place.of(source).run(()).find_map(|output| output.err()).expect("the run fails");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Constructor, Some("unmade")), "{error}");
}

fn panics(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor bomb = burst;
        processor(|x| x) -> pipe -> bomb -> pipe -> processor(|x| x);
    };
    let error = place.error(row, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("bomb")), "{error}");
    assert_eq!(error.position(), Some(AT), "{error}");
    assert!(error.cause().contains("seven hundred bursts"), "the text of the panic: {error}");
    assert!(error.cause().contains("faults.rs"), "the place of the panic: {error}");

    let farmed = pipeline! {
        <u64 -> u64>;
        processor bomb = burst;
        processor(|x| x) -> pipe(4) -> balanced fork(2) { bomb } -> pipe -> join ordered;
    };
    let error = place.error(farmed, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("bomb")), "{error}");
    assert_eq!(error.position(), Some(AT), "{error}");
    assert!(error.lane().is_some_and(|lane| lane < 2), "{error}");
}

fn exploding() -> Result<impl FnMut(u64) -> u64> {
    burst(AT);
    Ok(|x| x)
}

fn panics_of_constructors(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor bomb = exploding()?;
        processor(|x| x) -> pipe -> bomb;
    };
    let error = place.error(row, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("bomb")), "{error}");
    assert_eq!(error.position(), None, "{error}");
}

/// Everything before the failing processor is full and waits; everything behind it is empty and waits.
fn an_error_behind_full_pipes(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        try_map picky = refuse;
        flat_map(|x| [x; 3]) -> pipe(1) -> processor(|x| x) -> pipe(1) -> picky -> pipe(1) -> processor(|x| x)
            -> pipe(1) -> filter(|_| false);
    };
    let error = place.error(row, 0..);
    assert_eq!((error.processor(), error.position()), (Some("picky"), Some(3 * AT)), "{error}");
}

fn an_error_while_nothing_is_sent(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        try_map picky = refuse;
        processor(|x| x) -> pipe -> picky;
    };
    let mut running = place.of(row).start().expect("it starts");
    running.send(AT).expect("there is room");
    let error = Error::from(running.recv().expect_err("the run fails"));
    assert_eq!((error.processor(), error.position()), (Some("picky"), Some(0)), "{error}");
    assert_eq!(running.send(1).expect_err("the run has failed").error().processor(), Some("picky"));
    assert_eq!(running.finish().expect_err("the run has failed").processor(), Some("picky"));
}

fn an_error_under_way_to_the_end(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        try_map picky = refuse;
        processor(|x| x) -> pipe -> picky;
    };
    let mut running = place.of(row).start().expect("it starts");
    running.send(AT).expect("there is room");
    let items: Vec<_> = running.drain().collect();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().expect_err("the run fails").processor(), Some("picky"));
}

struct AllFail;
impl Expand for AllFail {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, _: u64, _: &mut impl Outlet<u64>) -> Result<()> {
        Err(Failure::new("nothing is right"))
    }
}

fn the_first_error_is_told_of_many(place: Place) {
    let farmed = pipeline! {
        <u64 -> u64>;
        processor grumpy = AllFail;
        processor(|x| x) -> pipe -> balanced fork(4) { grumpy } -> pipe -> join merge;
    };
    let error = place.error(farmed, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("grumpy")), "{error}");
    assert_eq!(error.cause(), "nothing is right");
}

fn a_failed_pipeline_runs_again(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> try_map(refuse) };
    for _ in 0..3 {
        assert_eq!(place.error(row.clone(), 0..1000).kind(), ErrorKind::Failed);
        assert_eq!(place.outputs(row.clone(), 0..AT), (0..AT).collect::<Vec<_>>());
    }
}

/// What ends a whole process at one number.
fn end_at(x: u64, end: fn()) -> u64 {
    if x == AT {
        end();
    }
    x
}

fn exits(place: Place) {
    for code in [0, 7] {
        let row = pipeline! {
            <u64 -> u64>(code: i32);
            processor quitter = {
                let code = *code;
                move |x: u64| if x == AT { std::process::exit(code) } else { x }
            };
            processor(|x| x) -> pipe -> quitter -> pipe -> processor(|x| x);
        };
        let error = place.error(row, 0..5000);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Exit(code), Some("quitter")), "{error}");
    }
}

fn aborts(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor aborting = |x: u64| end_at(x, || std::process::abort());
        processor(|x| x) -> pipe -> balanced fork(2) { aborting } -> pipe -> join merge;
    };
    let error = place.error(row, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(6), Some("aborting")), "{error}");
    assert!(error.lane().is_some(), "{error}");
}

fn kill_myself() {
    let me = std::process::id().to_string();
    let killed = Command::new("kill").args(["-9", &me]).status();
    unreachable!("`kill` came back: {killed:?}");
}

fn kills(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor victim = |x: u64| end_at(x, kill_myself);
        processor(|x| x) -> pipe -> victim -> pipe -> processor(|x| x);
    };
    let error = place.error(row, 0..5000);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(9), Some("victim")), "{error}");
}

fn quit() -> Result<impl FnMut(u64) -> u64> {
    end_at(AT, || std::process::exit(9));
    Ok(|x| x)
}

fn an_exit_in_a_constructor(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor quitter = quit()?;
        processor(|x| x) -> pipe -> quitter;
    };
    let error = place.error(row, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Exit(9), Some("quitter")), "{error}");
}
