//! Whoever keeps nothing from message to message is replaced, and nobody notices; others end the run, with advice.

use super::victim::{PLACE, everywhere, kill, pid_now, pid_of, replace};
use crate::harness::{Place, sorted, watched};
use conveyor::{Error, ErrorKind, Message, Pipeline, Processor, Result, pipeline};

const COUNT: u64 = 6000;

/// Feeds numbers, and kills the workers in `victims` a few times in between.
fn storm<Out: Message>(place: Place, pipeline: Pipeline<u64, Out>, victims: &[(&str, usize)]) -> Vec<Out> {
    let mut running = place.of(pipeline).start().expect("it starts");
    let mut outputs = Vec::new();
    for x in 0..COUNT {
        if x % 1500 == 700 {
            victims.iter().filter_map(|(name, lane)| pid_now(&running, name, *lane)).for_each(kill);
        }
        while running.try_send(x).is_err() {
            outputs.push(running.recv().expect("what is full has outputs"));
        }
    }
    let (rest, report) = running.finish().expect("the run succeeds");
    outputs.extend(rest);
    for (name, lane) in victims {
        let replaced = report.processor(name).expect("it is declared").lanes()[*lane].replaced();
        assert!(
            (1..=4).contains(&replaced),
            "{name}#{lane} was killed four times, and replaced {replaced} times"
        );
    }
    outputs
}

#[test]
fn a_row() {
    everywhere("a row", |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor one = |x| x + 1;
            processor two = |x: u64| x * 2;
            processor three = |x| x;
            one -> pipe(16) -> two -> pipe -> three;
        };
        let outputs = storm(place, row, &[("two", 0), ("three", 0)]);
        assert_eq!(outputs, (0..COUNT).map(|x| (x + 1) * 2).collect::<Vec<_>>());
    });
}

#[test]
fn texts_and_several_outputs() {
    everywhere("texts", |place| {
        let words = pipeline! {
            <u64 -> String>;
            processor text = |x: u64| format!("{x} {}", x + 1);
            flat_map words = |text: String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
            filter odd = |word: &str| !word.ends_with('0');
            text -> pipe(4) -> words -> pipe(8) -> odd;
        };
        let outputs = storm(place, words, &[("text", 0), ("words", 0), ("odd", 0)]);
        let expected =
            (0..COUNT).flat_map(|x| [x, x + 1]).map(|x| x.to_string()).filter(|x| !x.ends_with('0'));
        assert_eq!(outputs, expected.collect::<Vec<_>>());
    });
}

#[test]
fn lanes_of_a_farm() {
    everywhere("a farm", |place| {
        let farm = pipeline! {
            <u64 -> u64>;
            processor square = |x: u64| x * x;
            processor(|x| x) -> pipe(64) -> balanced fork(3) { square } -> pipe(8) -> join ordered;
        };
        let outputs = storm(place, farm, &[("square", 0), ("square", 2)]);
        assert_eq!(outputs, (0..COUNT).map(|x| x * x).collect::<Vec<_>>());

        let farm = pipeline! {
            <u64 -> u64>;
            processor square = |x: u64| x * x;
            processor after = |x| x;
            processor(|x| x) -> pipe -> balanced fork(2) { square } -> pipe -> join merge -> after;
        };
        let outputs = storm(place, farm, &[("square", 0), ("square", 1), ("after", 0)]);
        assert_eq!(sorted(outputs), (0..COUNT).map(|x| x * x).collect::<Vec<_>>());
    });
}

#[test]
fn branches_of_a_zip() {
    everywhere("a zip", |place| {
        let zip = pipeline! {
            <u64 -> (u64, String)>;
            processor first = |x| x;
            processor one = |x: u64| x + 1;
            processor other = |x: u64| x.to_string();
            first -> pipe(32) -> replicated fork { one, other } -> pipe(4) -> join zip;
        };
        let outputs = storm(place, zip, &[("first", 0), ("one", 0), ("other", 0)]);
        assert_eq!(outputs, (0..COUNT).map(|x| (x + 1, x.to_string())).collect::<Vec<_>>());
    });
}

/// One that waits for input is as good a victim as any.
#[test]
fn one_that_sleeps() {
    watched("one that sleeps", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor one = |x| x + 1;
            processor two = |x: u64| x * 2;
            one -> pipe -> two;
        };
        let mut running = place.of(row).start().expect("it starts");
        for x in 0..20 {
            running.send(x).expect("there is room");
            assert_eq!(running.recv().expect("it comes out"), (x + 1) * 2);
            replace(&running, if x % 2 == 0 { "one" } else { "two" }, 0);
        }
        let (rest, report) = running.finish().expect("the run succeeds");
        assert!(rest.is_empty());
        assert_eq!(["one", "two"].map(|name| report.processor(name).expect("declared").replaced()), [10, 10]);
    });
}

/// Adds up.
#[derive(Default)]
struct Sum(u64);
impl Processor for Sum {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 += x;
        Ok(self.0)
    }
}

fn send_and_take<Out: Message>(running: &mut conveyor::Running<u64, Out>, x: u64) -> Out {
    running.send(x).expect("there is room");
    running.recv().expect("it comes out")
}

/// The error of a run whose worker `sum` is killed after one message.
fn error_of(place: Place, row: Pipeline<u64, u64>) -> Error {
    let mut running = place.of(row).start().expect("it starts");
    assert_eq!(send_and_take(&mut running, 5), 5);
    kill(pid_of(&running, "sum", 0));
    let error = running.finish().expect_err("it cannot be replaced");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(9), Some("sum")), "{error}");
    error
}

#[test]
fn who_has_state_ends_the_run_with_advice() {
    watched("who has state", PLACE, |place| {
        let sums = pipeline! { <u64 -> u64>; processor sum = Sum::default(); sum };
        let error = error_of(place, sums);
        assert!(
            error.cause().contains("`sum` has state") && error.cause().contains("`[stateless]`"),
            "{error}"
        );
        let block = pipeline! {
            <u64 -> u64>;
            processor sum = { let mut sum = 0; move |x: u64| { sum += x; sum } };
            sum
        };
        let error = error_of(place, block);
        assert!(error.cause().contains("`[restart = empty]`"), "{error}");
        let said = pipeline! { <u64 -> u64>; processor sum [restart = never] = |x| x; sum };
        let error = error_of(place, said);
        assert!(error.cause().contains("`[restart = never]`"), "{error}");
    });
}

#[test]
fn who_may_be_empty_starts_again_with_nothing() {
    watched("who may be empty", PLACE, |place| {
        let sums = pipeline! { <u64 -> u64>; processor sum [restart = empty] = Sum::default(); sum };
        let mut running = place.of(sums).start().expect("it starts");
        assert_eq!([5, 6].map(|x| send_and_take(&mut running, x)), [5, 11]);
        replace(&running, "sum", 0);
        assert_eq!([7, 8].map(|x| send_and_take(&mut running, x)), [7, 15]);
    });
}

#[test]
fn who_is_called_stateless_is_replaced() {
    watched("who is called stateless", PLACE, |place| {
        let sums = pipeline! { <u64 -> u64>; processor sum [stateless] = Sum(100); sum };
        let mut running = place.of(sums).start().expect("it starts");
        assert_eq!(send_and_take(&mut running, 5), 105);
        replace(&running, "sum", 0);
        assert_eq!(send_and_take(&mut running, 5), 105);
    });
}

#[test]
fn who_has_not_begun_is_replaced_whatever_it_is() {
    watched("who has not begun", PLACE, |place| {
        let sums = pipeline! { <u64 -> u64>; processor sum = Sum::default(); sum };
        let mut running = place.of(sums).start().expect("it starts");
        replace(&running, "sum", 0);
        assert_eq!([5, 6].map(|x| send_and_take(&mut running, x)), [5, 11]);
    });
}

#[test]
fn the_user_may_limit_replacements() {
    watched("a limit", PLACE, |place| {
        let row = pipeline! { <u64 -> u64>; processor sum [restart = on_crash(2)] = |x| x; sum };
        let mut running = place.of(row).start().expect("it starts");
        for x in 0..2 {
            assert_eq!(send_and_take(&mut running, x), x);
            replace(&running, "sum", 0);
        }
        assert_eq!(send_and_take(&mut running, 2), 2);
        kill(pid_of(&running, "sum", 0));
        let error = running.finish().expect_err("it was replaced often enough");
        assert!(error.cause().contains("`[restart = on_crash(2)]`"), "{error}");
    });
}

#[test]
fn a_constructor_that_ends_its_process_is_not_tried_for_ever() {
    watched("a constructor", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor broken = { std::process::abort(); #[allow(unreachable_code)] |x: u64| x };
            broken
        };
        let error = place.error(row, 0..3);
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(6), Some("broken")), "{error}");
        assert!(error.cause().contains("5 times without getting any further"), "{error}");
    });
}

#[test]
fn a_stop_is_not_held_up_by_replacements() {
    watched("a stop", PLACE, |place| {
        for _ in 0..20 {
            let row =
                pipeline! { <u64 -> u64>; processor one = |x| x; processor two = |x| x; one -> pipe -> two };
            let running = place.of(row).start().expect("it starts");
            kill(pid_of(&running, "one", 0));
            drop(running);
        }
    });
}
