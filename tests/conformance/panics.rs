//! A panic anywhere ends the run with an error that names the processor: a table of the places.

use crate::harness::Place;
use conveyor::{
    Context, Error, ErrorKind, Expand, Fuse, Message, Outlet, Pipeline, Processor, Result, Sink, Source,
    pipeline,
};
use std::fmt::Debug;

in_every_context! {
    of_a_source of_a_sink in_a_branch_of_a_zip in_flush in_flush_of_a_sink in_finish in_finish_of_an_expand
    in_finish_of_a_sink in_a_drop
}

const AT: u64 = 700;

/// When a bomb goes off; otherwise it hands everything on.
#[derive(Clone, Copy, PartialEq)]
enum Bomb {
    Message,
    Flush,
    End,
}

impl Bomb {
    fn now(self, when: Bomb) {
        assert!(self != when, "it bursts");
    }
}

impl Processor for Bomb {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        if x == AT {
            self.now(Bomb::Message);
        }
        Ok(x)
    }
    fn finish(&mut self) -> Result<()> {
        self.now(Bomb::End);
        Ok(())
    }
}

/// The same with any number of outputs.
struct Loose(Bomb);

impl Expand for Loose {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(x)
    }
    fn flush(&mut self, _: &mut impl Outlet<u64>) -> Result<()> {
        self.0.now(Bomb::Flush);
        Ok(())
    }
    fn finish(&mut self, _: &mut impl Outlet<u64>) -> Result<()> {
        self.0.now(Bomb::End);
        Ok(())
    }
}

/// The same as a source of numbers.
struct Spring(u64);

impl Source for Spring {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        Bomb::Message.process(self.0).map(Some)
    }
}

/// The same as a sink.
struct Drain(Bomb);

impl Sink for Drain {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        self.0.process(x).map(drop)
    }
    fn flush(&mut self) -> Result<()> {
        self.0.now(Bomb::Flush);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        self.0.now(Bomb::End);
        Ok(())
    }
}

/// Goes off when it is dropped.
struct Booby;

impl Processor for Booby {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        Ok(x)
    }
}

impl Drop for Booby {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("it bursts");
        }
    }
}

fn is_of_the_bomb(error: &Error) {
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("bomb")), "{error}");
    assert!(error.cause().contains("it bursts"), "the text of the panic: {error}");
    assert!(error.cause().contains("panics.rs"), "the place of the panic: {error}");
}

/// Ten messages, then a flush.
fn drained<Out: Message + Debug>(place: Place, pipeline: Pipeline<u64, Out>) {
    let mut running = place.of(pipeline).start().expect("it starts");
    for x in 0..10 {
        running.send(x).expect("there is room");
    }
    let error = running.drain().find_map(std::result::Result::err).expect("the run fails");
    is_of_the_bomb(&error);
    is_of_the_bomb(&running.finish().expect_err("the run has failed"));
}

/// Ten messages, then the end.
fn finished<Out: Message + Debug>(place: Place, pipeline: Pipeline<u64, Out>) {
    let mut running = place.of(pipeline).start().expect("it starts");
    for x in 0..10 {
        running.send(x).expect("there is room");
    }
    is_of_the_bomb(&running.finish().expect_err("the run fails"));
}

fn of_a_source(place: Place) {
    let row = pipeline! {
        <() -> u64>;
        source bomb = Spring(0);
        bomb -> pipe -> processor(|x| x);
    };
    is_of_the_bomb(&place.of(row).run(()).find_map(|output| output.err()).expect("the run fails"));
}

fn of_a_sink(place: Place) {
    let row = pipeline! {
        <u64 -> ()>;
        sink bomb = Drain(Bomb::Message);
        processor(|x| x) -> pipe -> bomb;
    };
    let error = place.of(row).run_to_end(0..5000).expect_err("the run fails");
    is_of_the_bomb(&error);
    assert_eq!(error.position(), Some(AT), "{error}");
}

fn in_a_branch_of_a_zip(place: Place) {
    let pairs = pipeline! {
        <u64 -> (u64, u64)>;
        processor bomb = Bomb::Message;
        processor(|x| x) -> pipe(2) -> replicated fork { processor(|x| x), bomb } -> pipe(2) -> join zip
    };
    let error = place.error(pairs, 0..5000);
    is_of_the_bomb(&error);
    assert_eq!(error.position(), Some(AT), "{error}");
}

fn in_flush(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor bomb = Loose(Bomb::Flush);
        processor(|x| x) -> pipe -> bomb -> pipe -> processor(|x| x);
    };
    drained(place, row);
}

fn in_flush_of_a_sink(place: Place) {
    let row = pipeline! {
        <u64 -> ()>;
        sink bomb = Drain(Bomb::Flush);
        processor(|x| x) -> pipe -> bomb;
    };
    drained(place, row);
}

fn in_finish(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor bomb = Bomb::End;
        processor(|x| x) -> pipe -> bomb -> pipe -> processor(|x| x);
    };
    finished(place, row);
}

fn in_finish_of_an_expand(place: Place) {
    let farmed = pipeline! {
        <u64 -> u64>;
        processor bomb = Loose(Bomb::End);
        processor(|x| x) -> pipe -> balanced fork(2) { bomb } -> pipe -> join merge;
    };
    finished(place, farmed);
}

fn in_finish_of_a_sink(place: Place) {
    let row = pipeline! {
        <u64 -> ()>;
        sink bomb = Drain(Bomb::End);
        processor(|x| x) -> pipe -> bomb;
    };
    finished(place, row);
}

/// All that has come before counts; what is dropped last is part of the run.
fn in_a_drop(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor bomb = Booby; bomb -> pipe -> processor(|x| x + 1); };
    let mut run = place.of(row).run(0..100);
    // what is still under way is lost
    let mut outputs = 1..=100;
    let error = run.find_map(|output| match output {
        Ok(output) => {
            assert_eq!(Some(output), outputs.next());
            None
        }
        Err(error) => Some(error),
    });
    let error = error.expect("the run fails");
    if (place.0, place.2) == (Context::Processes, Fuse::All) {
        // of a row in a worker nobody notes which stage is being dropped
        assert!(error.kind() == ErrorKind::Panicked && error.cause().contains("it bursts"), "{error}");
    } else {
        is_of_the_bomb(&error);
    }
    assert!(run.next().is_none());
}
