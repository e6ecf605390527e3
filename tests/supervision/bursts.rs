//! Panics that do not just unwind: in a panic hook, in a drop while another one passes, and in programs that abort.

use super::victim::PLACE;
use crate::harness::{Place, watched};
use conveyor::{Error, ErrorKind, Pipeline, pipeline};

const AT: u64 = 70;

/// The run ends at the message that has burst, and the worker has aborted.
fn has_aborted(place: Place, row: Pipeline<u64, u64>) -> Error {
    let error = place.error(row, 0..100);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(6), Some("victim")), "{error}");
    assert_eq!(error.position(), Some(AT), "{error}");
    error
}

/// A row in whose second worker this is done first.
macro_rules! with {
    ($first:expr) => {
        pipeline! {
            <u64 -> u64>;
            processor victim = {
                $first;
                |x: u64| {
                    assert!(x != AT, "it bursts");
                    x
                }
            };
            processor(|x| x) -> pipe -> victim;
        }
    };
}

#[test]
fn in_a_hook() {
    watched("a hook that panics", PLACE, |place| {
        has_aborted(place, with!({ std::panic::set_hook(Box::new(|_| panic!("in the hook"))) }));
    });
}

/// As a program that is built with `panic = "abort"`, and says what the panic was.
#[test]
fn of_a_program_that_aborts() {
    watched("a program that aborts", PLACE, |place| {
        let aborts = with!({
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                before(panic);
                std::process::abort();
            }))
        });
        let error = has_aborted(place, aborts);
        assert!(error.cause().contains("after a panic: it bursts"), "{error}");
    });
}

/// Panics when it is dropped.
struct Late;
impl Drop for Late {
    fn drop(&mut self) {
        panic!("once more");
    }
}

#[test]
fn in_a_drop_while_another_one_passes() {
    watched("two panics", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim = |x: u64| {
                if x == AT {
                    let _late = Late;
                    panic!("it bursts");
                }
                x
            };
            processor(|x| x) -> pipe -> victim;
        };
        let error = has_aborted(place, row);
        assert!(error.cause().contains("after a panic: once more"), "{error}");
    });
}
