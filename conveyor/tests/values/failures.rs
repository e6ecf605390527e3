//! Errors and panics at each place: the run ends, and its error names the place.

use crate::support::{everywhere, outputs};
use conveyor::{
    Context, Error, ErrorKind, Expand, Failure, Outlet, Pipeline, Result, Sink, Source, pipeline,
};
use std::sync::atomic::{AtomicBool, Ordering};

fn error_of<In: conveyor::Message, Out: conveyor::Message + std::fmt::Debug>(
    pipeline: Pipeline<In, Out>,
    context: Context,
    inputs: impl IntoIterator<Item = In>,
) -> Error {
    outputs(pipeline, context, inputs).expect_err("the run fails")
}

fn fails_at(place: u64) -> impl FnMut(u64) -> Result<u64> {
    move |x| if x == place { Err(Failure::new("no more")) } else { Ok(x) }
}

#[test]
fn a_processor_fails() {
    everywhere(|context| {
        let row = pipeline! {
            <u64 -> u64>;
            processor first = |x: u64| x; try_map second = fails_at(70); processor third = |x: u64| x;
            first -> pipe -> second -> pipe -> third
        };
        let error = error_of(row, context, 0..1000);
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert_eq!((error.processor(), error.lane(), error.position()), (Some("second"), Some(0), Some(70)));
        assert_eq!(error.cause(), "no more");
    });
}

#[test]
fn what_was_given_before_the_error_is_not_held_back_in_a_row() {
    everywhere(|context| {
        let row = pipeline! { <u64 -> u64>; try_map(fails_at(3)) };
        let mut run = row.context(context).run(0..);
        let outcome: Vec<_> = run.by_ref().collect();
        assert!(outcome.len() <= 4 && outcome.last().unwrap().is_err());
        assert!(run.next().is_none());
    });
}

#[test]
fn a_panic_is_an_error_with_its_place() {
    everywhere(|context| {
        let row = pipeline! {
            <u64 -> u64>;
            processor calm = |x: u64| x;
            processor nervous = |x: u64| if x == 5 { panic!("five! {x}") } else { x };
            calm -> pipe -> nervous
        };
        let error = error_of(row, context, 0..1000);
        assert_eq!(error.kind(), ErrorKind::Panicked);
        assert_eq!((error.processor(), error.position()), (Some("nervous"), Some(5)));
        assert!(error.cause().contains("five! 5"), "{error}");
        assert!(error.cause().contains("failures.rs"), "{error}");
    });
}

#[test]
fn behind_a_stage_that_drops_messages_positions_are_its_own() {
    everywhere(|context| {
        let row = pipeline! {
            <u64 -> u64>;
            filter even = |x: &u64| x.is_multiple_of(2); try_map strict = fails_at(40);
            even -> pipe -> strict
        };
        let error = error_of(row, context, 0..1000);
        assert_eq!((error.processor(), error.position()), (Some("strict"), Some(20)));
    });
}

struct Broken(u64);
impl Source for Broken {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        if self.0 == 12 { Err(Failure::new("unplugged")) } else { Ok(Some(self.0)) }
    }
}

#[test]
fn a_source_fails() {
    everywhere(|context| {
        let graph = pipeline! { <() -> u64>; source broken = Broken(0); broken -> pipe -> processor(|x| x) };
        let error = error_of(graph, context, []);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Failed, Some("broken")));
        assert_eq!((error.position(), error.cause()), (Some(11), "unplugged"));
    });
}

struct Full(u64);
impl Sink for Full {
    type In = u64;
    fn consume(&mut self, _: u64) -> Result<()> {
        self.0 += 1;
        if self.0 == 9 { Err(Failure::new("disk full")) } else { Ok(()) }
    }
}

#[test]
fn a_sink_fails() {
    everywhere(|context| {
        let graph = pipeline! { sink full = Full(0); source(0_u64..) -> pipe -> full };
        let error = graph.context(context).run_to_end(()).unwrap_err();
        assert_eq!(
            (error.kind(), error.processor(), error.position()),
            (ErrorKind::Failed, Some("full"), Some(8))
        );
    });
}

fn refused(message: &str) -> Result<fn(u64) -> u64> {
    Err(Failure::new(message))
}

#[test]
fn a_constructor_fails() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor fine = |x: u64| x;
            processor odd = refused("no model")?;
            fine -> pipe -> odd
        };
        let error = error_of(graph, context, 0..10);
        assert_eq!(
            (error.kind(), error.processor(), error.cause()),
            (ErrorKind::Constructor, Some("odd"), "no model")
        );
    });
}

fn explode() -> fn(u64) -> u64 {
    panic!("bad constructor")
}

#[test]
fn a_constructor_panics() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor bomb = explode();
            processor(|x| x) -> pipe -> bomb -> pipe -> processor(|x| x)
        };
        let error = error_of(graph, context, 0..10);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("bomb")));
        assert!(error.cause().contains("bad constructor"), "{error}");
    });
}

struct BadEnd;
impl Expand for BadEnd {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(x)
    }
    fn flush(&mut self, _: &mut impl Outlet<u64>) -> Result<()> {
        Err(Failure::new("not now"))
    }
    fn finish(&mut self, _: &mut impl Outlet<u64>) -> Result<()> {
        Err(Failure::new("not ever"))
    }
}

#[test]
fn flush_and_finish_fail() {
    everywhere(|context| {
        let graph = || pipeline! { <u64 -> u64>; processor end = BadEnd; processor(|x| x) -> pipe -> end };
        let error = error_of(graph(), context, 0..10);
        assert_eq!((error.processor(), error.position(), error.cause()), (Some("end"), None, "not ever"));
        let mut run = graph().context(context).start().unwrap();
        run.send(1).unwrap();
        let error = run.drain().find_map(Result::err).unwrap();
        assert_eq!((error.processor(), error.cause()), (Some("end"), "not now"));
    });
}

#[test]
fn a_lane_of_a_fork_fails() {
    everywhere(|context| {
        for ordered in [false, true] {
            let graph = if ordered {
                pipeline! {
                    <u64 -> u64>;
                    try_map risky = fails_at(500);
                    processor(|x| x) -> pipe(4) -> balanced fork(3) { risky } -> pipe(4) -> join ordered
                }
            } else {
                pipeline! {
                    <u64 -> u64>;
                    try_map risky = fails_at(500);
                    processor(|x| x) -> pipe(4) -> balanced fork(3) { risky } -> pipe(4) -> join merge
                }
            };
            let error = error_of(graph, context, 0..);
            assert_eq!((error.processor(), error.position()), (Some("risky"), Some(500)));
            assert!(error.lane().unwrap() < 3);
        }
    });
}

#[test]
fn a_branch_of_a_zip_fails() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> (u64, u64)>;
            try_map weak = fails_at(33);
            processor(|x| x) -> pipe(2) -> replicated fork { weak, processor(|x| x) } -> pipe(2) -> join zip
        };
        let error = error_of(graph, context, 0..);
        assert_eq!((error.processor(), error.position()), (Some("weak"), Some(33)));
    });
}

static FINISHED: AtomicBool = AtomicBool::new(false);

struct Witness;
impl Expand for Witness {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(x)
    }
    fn finish(&mut self, _: &mut impl Outlet<u64>) -> Result<()> {
        FINISHED.store(true, Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn a_stream_that_breaks_off_has_not_ended() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            try_map weak = fails_at(33);
            processor(|x| x) -> pipe -> weak -> pipe
                -> replicated fork { processor(Witness), processor(|x| x) } -> pipe -> join merge
                -> pipe -> processor(Witness)
        };
        let error = error_of(graph, context, 0..100);
        assert_eq!(error.processor(), Some("weak"));
        assert!(!FINISHED.load(Ordering::SeqCst));
    });
}

struct Grave;
impl Drop for Grave {
    fn drop(&mut self) {
        panic!("not without me");
    }
}
impl Sink for Grave {
    type In = u64;
    fn consume(&mut self, _: u64) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_at_the_very_end() {
    everywhere(|context| {
        let graph = pipeline! { sink grave = Grave; source(0..10_u64) -> pipe -> grave };
        let error = graph.context(context).run_to_end(()).unwrap_err();
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("grave")));
        assert!(error.cause().contains("not without me"), "{error}");
    });
}
