//! Full pipes: what is dropped is counted, what remains keeps its order, and nobody waits for what is gone.

use crate::harness::{Place, Scratch};
use conveyor::{Context, ErrorKind, Message, Pipeline, Report, pipeline};
use std::path::{Path, PathBuf};
use std::time::Duration;

in_every_context! {
    the_newest_are_dropped_while_nobody_receives the_oldest_are_dropped_while_nobody_receives
    the_newest_are_dropped_while_the_reader_works the_oldest_are_dropped_while_the_reader_works
    a_pipe_without_a_slow_reader_keeps_its_order outputs_beyond_the_capacity_of_one_step
    who_keeps_the_newest_has_to_receive_at_last drains_end batches_of_every_size
    options_of_processes
}

/// Checks a declaration with both ways to drop in the place of `$when_full`.
macro_rules! for_both {
    ($check:expr, $dollar:tt $name:ident: $($declaration:tt)*) => {{
        macro_rules! declared {
            ($dollar $name:ident) => { $($declaration)* };
        }
        $check(declared!(drop_newest));
        $check(declared!(drop_oldest));
    }};
}

mod regions;

/// Looks until it is so; the harness watches.
fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::yield_now();
    }
}

/// Waits in the middle of the first message until the gate is open, and tells that it does.
fn waiting(x: u64, here: &Path, gate: &Path) -> u64 {
    if x == 0 {
        std::fs::write(here, "").expect("the directory is there");
        until(|| gate.exists());
    }
    x
}

fn taken_by(report: &Report, processor: &str) -> u64 {
    report.processor(processor).expect("it is declared").messages_in()
}

/// All outputs and the report.
fn all<Out: Message>(place: Place, pipeline: Pipeline<(), Out>) -> (Vec<Out>, Report) {
    let mut run = place.of(pipeline).run(());
    let outputs = run.by_ref().collect::<conveyor::Result<Vec<_>, _>>().expect("the run succeeds");
    (outputs, run.report())
}

/// Sends `0..count` while nobody receives, until `first` has dealt with all of them; then what is left, and how many
/// were dropped.
fn unreceived(place: Place, pipeline: Pipeline<u64, u64>, count: u64) -> (Vec<u64>, u64) {
    let mut running = place.of(pipeline).start().expect("it starts");
    for x in 0..count {
        running.send(x).expect("what is full drops");
    }
    if !place.is_serial() {
        until(|| taken_by(&running.metrics(), "first") == count);
    }
    let (rest, report) = running.finish().expect("it ends well");
    (rest, report.dropped())
}

fn the_newest_are_dropped_while_nobody_receives(place: Place) {
    for capacity in [1, 2, 5] {
        let row = pipeline! {
            <u64 -> u64>(capacity: usize);
            processor first = |x| x;
            first -> pipe(capacity) [when_full = drop_newest];
        };
        let (outputs, dropped) = unreceived(place, row.clone(), 100);
        match place.is_serial() {
            true => assert_eq!((outputs, dropped), ((0..100).collect(), 0), "who reads is always first"),
            false => assert_eq!((outputs, dropped), ((0..capacity as u64).collect(), 100 - capacity as u64)),
        }
        // more than all pipes hold: even here something has to go
        let (outputs, dropped) = unreceived(place, row, 20_000);
        assert!(dropped > 0 && outputs.is_sorted_by(|one, next| one < next));
        assert_eq!(outputs.len() as u64 + dropped, 20_000);
    }
}

fn the_oldest_are_dropped_while_nobody_receives(place: Place) {
    for capacity in [1, 2, 5] {
        let row = pipeline! {
            <u64 -> u64>(capacity: usize);
            processor first = |x| x;
            first -> pipe(capacity) [when_full = drop_oldest];
        };
        let (outputs, dropped) = unreceived(place, row, 100);
        match place.is_serial() {
            true => assert_eq!((outputs, dropped), ((0..100).collect(), 0), "who reads is always first"),
            false => assert_eq!(
                (outputs, dropped),
                ((100 - capacity as u64..100).collect(), 100 - capacity as u64)
            ),
        }
    }
}

fn who_keeps_the_newest_has_to_receive_at_last(place: Place) {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(3) [when_full = drop_oldest]
    };
    let mut running = place.of(row).start().expect("it starts");
    let refused = (0..1_000_000).find_map(|x| running.send(x).err()).expect("it is full at last");
    assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    let sent = refused.into_message();
    let outputs: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
    assert_eq!(outputs.last(), Some(&(sent - 1)));
    assert!(outputs.is_sorted_by(|one, next| one < next));
    assert_eq!(outputs.len() as u64 + running.metrics().dropped(), sent);
}

/// The same with a reader that is at work on the first message all the time.
fn while_the_reader_works(
    place: Place,
    declared: impl Fn(PathBuf, PathBuf) -> Pipeline<u64, u64>,
) -> (Vec<u64>, u64) {
    let scratch = Scratch::new();
    let (here, gate) = (scratch.file("here"), scratch.file("gate"));
    let mut running = place.of(declared(here.clone(), gate.clone())).start().expect("it starts");
    if place.is_serial() {
        std::fs::write(&gate, "").expect("the directory is there"); // nobody else could open it
    }
    running.send(0).expect("there is room");
    if !place.is_serial() {
        until(|| here.exists());
    }
    for x in 1..50 {
        running.send(x).expect("what is full drops");
    }
    if !place.is_serial() {
        until(|| taken_by(&running.metrics(), "first") == 50);
        std::fs::write(&gate, "").expect("the directory is there");
    }
    let (rest, report) = running.finish().expect("it ends well");
    assert_eq!(rest.len() as u64 + report.dropped(), 50);
    (rest, report.dropped())
}

fn the_newest_are_dropped_while_the_reader_works(place: Place) {
    for capacity in [1, 2] {
        let (outputs, _) = while_the_reader_works(place, |here, gate| {
            pipeline! {
                <u64 -> u64>(capacity: usize, here: PathBuf, gate: PathBuf);
                processor first = |x| x;
                first -> pipe(capacity) [when_full = drop_newest] -> processor(|x: u64| waiting(x, here, gate))
            }
        });
        let kept = match place.0 {
            Context::Serial => 50,
            // what the reader works on is out of the channel, but still in the ring
            Context::Threads => capacity as u64 + 1,
            _ => capacity as u64,
        };
        assert_eq!(outputs, (0..kept).collect::<Vec<_>>());
    }
}

fn the_oldest_are_dropped_while_the_reader_works(place: Place) {
    for capacity in [1, 2] {
        let (outputs, _) = while_the_reader_works(place, |here, gate| {
            pipeline! {
                <u64 -> u64>(capacity: usize, here: PathBuf, gate: PathBuf);
                processor first = |x| x;
                first -> pipe(capacity) [when_full = drop_oldest] -> processor(|x: u64| waiting(x, here, gate))
            }
        });
        let expected: Vec<u64> = match place.is_serial() {
            true => (0..50).collect(),
            false => std::iter::once(0).chain(50 - capacity as u64..50).collect(),
        };
        assert_eq!(outputs, expected);
    }
}

const COUNT: u64 = 3000;

/// Some work, so that the reader is slower than the writer.
fn slow(x: u64) -> u64 {
    (0..200).fold(x, |x, round| std::hint::black_box(x ^ round ^ round))
}

/// What remains of `0..COUNT` is in order, and the others are counted.
fn conserved(place: Place, pipeline: Pipeline<(), u64>) {
    let (outputs, report) = all(place, pipeline);
    assert!(outputs.is_sorted_by(|one, next| one < next), "{outputs:?}");
    assert_eq!(outputs.len() as u64 + report.dropped(), COUNT, "{report}");
    assert_eq!(report.dropped() > 0, report.to_string().contains("dropped: "), "{report}");
}

fn a_pipe_without_a_slow_reader_keeps_its_order(place: Place) {
    for capacity in [1, 2, 100] {
        for_both!(|row| conserved(place, row), $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe(capacity) [when_full = $when_full] -> processor(slow)
        });
        for_both!(|row| conserved(place, row), $when_full: pipeline! {
            <() -> u64>(capacity: usize = capacity);
            source((0..COUNT).map(slow)) -> pipe -> processor(|x: u64| vec![x; 1 + x as usize % 50])
                -> pipe(capacity) [when_full = $when_full] -> processor(|list: &[u64]| slow(list[list.len() - 1]))
        });
    }
}

fn outputs_beyond_the_capacity_of_one_step(place: Place) {
    for_both!(|row| conserved(place, row), $when_full: pipeline! {
        <() -> u64>;
        source(0..COUNT / 100) -> pipe -> flat_map(|x| x * 100..(x + 1) * 100) -> pipe(2) [when_full = $when_full]
            -> processor(slow)
    });
}

fn drains_end(place: Place) {
    for_both!(|row: Pipeline<u64, u64>| {
        let mut running = place.of(row).start().expect("it starts");
        let (mut received, mut last) = (0, None);
        for batch in 0..20 {
            for x in batch * 30..(batch + 1) * 30 {
                running.send(x).expect("what is full drops");
            }
            for output in running.drain() {
                let output = output.expect("the run goes on");
                assert!(last < Some(output));
                (received, last) = (received + 1, Some(output));
            }
            assert_eq!(received + running.metrics().dropped(), (batch + 1) * 30);
        }
        assert!(running.finish().expect("it ends well").0.is_empty());
    }, $when_full: pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(2) [when_full = $when_full] -> balanced fork(2) {
            processor(slow) -> pipe(1) [when_full = $when_full] -> processor(slow)
        } -> pipe -> join ordered
    });
}

fn batches_of_every_size(place: Place) {
    for batch in [1, 2, 7, 100_000] {
        let row = pipeline! {
            <u64 -> u64>(batch: usize);
            processor(|x| x) -> pipe [batch = batch] -> processor(|x| x) -> pipe(3) [batch = batch] -> processor(|x| x)
        };
        assert_eq!(place.outputs(row, 0..5000), (0..5000).collect::<Vec<_>>());
    }
}

fn options_of_processes(place: Place) {
    let restarted = pipeline! {
        <u64 -> u64>;
        processor safe = |x| x + 1;
        processor risky [restart = on_crash(2), deadline = Duration::from_secs(50), on_poison = skip] = |x| x * 2;
        safe -> pipe -> risky;
    };
    if place.0 == Context::Processes {
        assert_eq!(place.outputs(restarted, [1, 2]), [4, 6]);
    } else {
        let error = place.of(restarted).start().err().expect("only a process can be replaced");
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Start, Some("risky")), "{error}");
        assert!(error.to_string().contains("`[restart]` needs the processes context"), "{error}");
    }
    let harmless = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) [stateless, deterministic, fuse = next] -> pipe -> processor(|x| x) [fuse = none]
    };
    assert_eq!(place.outputs(harmless, [1, 2]), [2, 3]);
    let error = place
        .error(pipeline! { <u64 -> u64>(batch: usize = 0); processor(|x| x) -> pipe [batch = batch] }, [1]);
    assert!(error.to_string().contains("CV015"), "{error}");
}
