//! A sink that takes nothing for long: whoever sends is held up, nothing grows, and all of it arrives later.

use super::figures::{Figures, is_alone};
use super::victim::{PLACE, pid_of, send, stop};
use crate::harness::{Scratch, numbers_in, watched};
use conveyor::{TrySendError, pipeline, sink};
use rustix::process::Signal;
use std::path::PathBuf;

/// So often the sink is stopped.
const ROUNDS: u64 = 5;
/// So often somebody would like to send while it is.
const TRIES: u64 = 20_000;
/// In all pipes, with what is in hand.
const ROOM: u64 = 10_000;
/// What the allocator may keep, in KiB.
const SLACK: u64 = 128;

#[test]
fn a_sink_that_stands_still_makes_nothing_grow() {
    if is_alone("supervision::slow::a_sink_that_stands_still_makes_nothing_grow") {
        watched("a sink that stands still", PLACE, |place| {
            let scratch = Scratch::new();
            let file = scratch.file("numbers");
            let row = pipeline! {
                <[u64; 64] -> ()>(file: PathBuf = file.clone());
                sink store = sink::lines(file)?;
                processor(|x: [u64; 64]| x[63]) -> pipe(16) -> processor(|x: u64| x.to_string()) -> pipe(16) -> store;
            };
            let mut running = place.of(row).start().expect("it starts");
            let (mut next, mut before) = (0, None);
            for _ in 0..ROUNDS {
                // everything before it has arrived
                running.drain().for_each(|output| output.expect("it goes on"));
                let pid = pid_of(&running, "store", 0);
                stop(pid);
                let first = next;
                for _ in 0..TRIES {
                    match running.try_send([next; 64]) {
                        Ok(()) => next += 1,
                        Err(TrySendError::Full(_)) => std::thread::yield_now(),
                        Err(TrySendError::Ended(error)) => panic!("{error}"),
                    }
                }
                assert!((1..ROOM).contains(&(next - first)), "{} have found room", next - first);
                before.get_or_insert_with(Figures::now).are_still_so(SLACK);
                send(pid, Signal::CONT);
            }
            running.finish().expect("it goes on");
            assert!(numbers_in(&file).into_iter().eq(0..next));
        });
    }
}
