//! Messages that end whoever works on them: the run ends at exactly this message, or goes on without it.

use super::victim::{DEADLINE, PLACE, WAYS, Way, die, everywhere};
use crate::harness::{Place, Scratch, sorted, watched};
use conveyor::{
    Checkpoint, Chunk, Error, ErrorKind, Message, Pipeline, Pool, Processor, Report, Result, Source, pipeline,
};
use std::path::Path;

const COUNT: u64 = 3000;
const AT: u64 = 700;

/// The outputs, the report, and the dead letters.
fn survived<In: Message, Out: Message>(
    place: Place,
    pipeline: Pipeline<In, Out>,
    inputs: impl IntoIterator<Item = In>,
) -> (Vec<Out>, Report, String) {
    let scratch = Scratch::new();
    let file = scratch.file("letters");
    let mut run = place.of(pipeline).dead_letters(&file).run(inputs);
    let outputs = run.by_ref().collect::<Result<_, Error>>().expect("the run goes on without the message");
    (outputs, run.report(), read(&file))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("it was made")
}

/// `"name":value`
fn has(letter: &str, name: &str, value: &str) {
    assert!(letter.contains(&format!("\"{name}\":{value}")), "{name} is not {value}: {letter}");
}

/// A row in which one message ends its worker in this way. Only who hangs is at it for so long: a panic may take its time to
/// print where it came from.
macro_rules! poisoned {
    ($way:expr, within $deadline:expr, $($option:tt)*) => {
        pipeline! {
            <u64 -> u64>(way: Way = $way);
            processor victim [deadline = $deadline, $($option)*] = |x: u64| {
                if x == AT {
                    die(*way);
                }
                x
            };
            processor(|x| x) -> pipe -> victim -> pipe -> processor(|x| x);
        }
    };
    ($way:expr, $($option:tt)*) => {
        match WAYS[$way].1 {
            ErrorKind::Overdue => poisoned!($way, within DEADLINE, $($option)*),
            _ => poisoned!($way, within 100 * DEADLINE, $($option)*),
        }
    };
}

#[test]
fn it_ends_the_run_and_is_named() {
    everywhere("it ends the run", |place| {
        for (way, (_, kind, cause)) in WAYS.iter().enumerate() {
            let error = place.error(poisoned!(way, on_poison = stop), 0..COUNT);
            assert_eq!((error.kind(), error.processor()), (*kind, Some("victim")), "{error}");
            assert_eq!((error.lane(), error.position()), (Some(0), Some(AT)), "{error}");
            assert!(error.cause().contains(cause) && error.cause().contains("3 times"), "{error}");
        }
    });
}

/// Without a deadline messages are worked on in batches, and the culprit has to be found first.
#[test]
fn it_is_found_in_a_batch() {
    watched("it is found in a batch", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim = |x: u64| if x == AT { std::process::abort() } else { x };
            processor(|x| x) -> pipe -> victim;
        };
        let error = place.error(row, 0..COUNT);
        assert_eq!((error.kind(), error.position()), (ErrorKind::Signal(6), Some(AT)), "{error}");
    });
}

#[test]
fn it_is_left_out_and_kept() {
    watched("it is left out", PLACE, |place| {
        for (way, (_, _, cause)) in WAYS.iter().enumerate() {
            let (outputs, report, letters) = survived(place, poisoned!(way, on_poison = skip), 0..COUNT);
            assert_eq!(outputs, (0..COUNT).filter(|x| *x != AT).collect::<Vec<_>>());
            assert_eq!((report.left_out(), letters.lines().count()), (1, 1), "{letters}");
            has(&letters, "processor", "\"victim\"");
            has(&letters, "position", "700");
            has(&letters, "type", "\"u64\"");
            has(&letters, "bytes", "\"bc02000000000000\"");
            assert!(letters.contains(cause), "{letters}");
        }
    });
}

#[test]
fn many_are_left_out() {
    everywhere("many are left out", |place| {
        let row = pipeline! {
            <String -> String>;
            processor victim [on_poison = skip] = |x: &str| {
                if x.ends_with("77") {
                    std::process::abort();
                }
                x.to_owned()
            };
            processor(|x| x) -> pipe(8) -> victim -> pipe(8) -> processor(|x| x);
        };
        let inputs = || (0..1000).map(|x: u64| format!("text {x}"));
        let (outputs, report, letters) = survived(place, row, inputs());
        assert_eq!(outputs, inputs().filter(|x| !x.ends_with("77")).collect::<Vec<_>>());
        assert_eq!((report.left_out(), letters.lines().count()), (10, 10), "{letters}");
        for (letter, x) in letters.lines().zip((77..1000).step_by(100)) {
            has(letter, "position", &x.to_string());
            assert!(letter.contains(&format!("text {x}")), "people can read it: {letter}");
        }
    });
}

/// What is left out is what the row has taken, whichever of its stages dies of it.
#[test]
fn a_fused_row_leaves_out_what_it_has_taken() {
    watched("a fused row", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            flat_map first [fuse = next] = |x: u64| [2 * x, 2 * x + 1];
            processor victim [on_poison = skip] = |x: u64| if x == 1401 { std::process::abort() } else { x };
            processor(|x| x) -> pipe -> first -> pipe -> victim;
        };
        let (outputs, report, letters) = survived(place, row, 0..COUNT);
        assert_eq!(
            outputs,
            (0..COUNT).filter(|x| *x != AT).flat_map(|x| [2 * x, 2 * x + 1]).collect::<Vec<_>>()
        );
        assert_eq!(report.left_out(), 1, "{report}");
        assert_eq!(
            report.processor("victim").expect("it is declared").messages_in(),
            2 * (COUNT - 1),
            "{report}"
        );
        has(&letters, "processor", "\"victim\"");
        has(&letters, "position", "1401");
        has(&letters, "bytes", "\"bc02000000000000\"");
    });
}

#[test]
fn behind_a_source_in_the_same_process_it_ends_the_run() {
    watched("a row with a source", PLACE, |place| {
        let row = pipeline! {
            <() -> u64>;
            source numbers [deterministic, fuse = next] = 0..COUNT;
            processor victim [on_poison = skip] = |x: u64| if x == AT { std::process::abort() } else { x };
            numbers -> pipe -> victim -> pipe -> processor(|x| x);
        };
        let error = place.of(row).run(()).find_map(Result::err).expect("it cannot be left out");
        assert_eq!((error.kind(), error.processor()), (ErrorKind::Signal(6), Some("victim")), "{error}");
        assert!(error.cause().contains("`[fuse = none]` at the source"), "{error}");
    });
}

#[test]
fn a_zip_loses_the_whole_tuple() {
    everywhere("a zip", |place| {
        let zip = pipeline! {
            <u64 -> (u64, u64, u64)>;
            processor victim [on_poison = skip] = |x: u64| if x == AT { std::process::abort() } else { x };
            processor(|x| x) -> pipe -> replicated fork {
                processor(|x| x + 1),
                victim -> pipe(4) -> processor(|x| x),
                pipe,
            } -> pipe(4) -> join zip;
        };
        let (outputs, _, letters) = survived(place, zip, 0..COUNT);
        assert_eq!(outputs, (0..COUNT).filter(|x| *x != AT).map(|x| (x + 1, x, x)).collect::<Vec<_>>());
        assert_eq!(letters.lines().count(), 1);
    });
}

#[test]
fn behind_a_zip_the_letter_has_all_parts() {
    watched("behind a zip", PLACE, |place| {
        let zip = pipeline! {
            <u64 -> u64>;
            processor victim [on_poison = skip] =
                |(x, y): (u64, String)| if x == AT { std::process::abort() } else { x + y.len() as u64 };
            processor(|x| x) -> pipe -> replicated fork {
                processor(|x| x),
                processor(|x: u64| x.to_string()),
            } -> pipe -> join zip -> victim;
        };
        let (outputs, _, letters) = survived(place, zip, 0..COUNT);
        let expected = (0..COUNT).filter(|x| *x != AT).map(|x| x + x.to_string().len() as u64);
        assert_eq!(outputs, expected.collect::<Vec<_>>());
        has(&letters, "bytes", "\"bc02000000000000\"");
        assert!(letters.contains("700\"}]"), "the second part is a text: {letters}");
    });
}

#[test]
fn an_ordered_region_goes_on_without_it() {
    everywhere("an ordered region", |place| {
        let farm = pipeline! {
            <u64 -> u64>;
            processor victim [on_poison = skip] = |x: u64| if x % 1000 == AT { std::process::abort() } else { x };
            processor(|x| x) -> pipe(64) -> balanced fork(3) { victim } -> pipe(8) -> join ordered;
        };
        let (outputs, report, letters) = survived(place, farm, 0..COUNT);
        assert_eq!(outputs, (0..COUNT).filter(|x| x % 1000 != AT).collect::<Vec<_>>());
        assert_eq!((report.left_out(), letters.lines().count()), (3, 3), "{letters}");
    });
}

#[test]
fn behind_a_merge_it_is_found_too() {
    watched("behind a merge", PLACE, |place| {
        let farm = pipeline! {
            <u64 -> u64>;
            processor victim [on_poison = skip] = |x: u64| if x == AT { std::process::abort() } else { x };
            processor(|x| x) -> pipe(64) -> balanced fork(3) { processor(|x| x) } -> pipe(8) -> join merge -> victim;
        };
        let (outputs, report, letters) = survived(place, farm, 0..COUNT);
        assert_eq!(sorted(outputs), (0..COUNT).filter(|x| *x != AT).collect::<Vec<_>>());
        assert_eq!((report.left_out(), letters.lines().count()), (1, 1), "{letters}");
        has(&letters, "bytes", "\"bc02000000000000\"");
    });
}

#[test]
fn a_sink_goes_on_without_it() {
    watched("a sink", PLACE, |place| {
        let scratch = Scratch::new();
        let (file, letters) = (scratch.file("numbers"), scratch.file("letters"));
        let row = pipeline! {
            <u64 -> ()>(file: std::path::PathBuf = file.clone());
            sink victim [on_poison = skip] = |x: u64| {
                if x == 50 {
                    std::process::abort();
                }
                use std::io::Write;
                let mut to = std::fs::File::options().create(true).append(true).open(file).expect("it can be opened");
                writeln!(to, "{x}").expect("there is room");
            };
            processor(|x| x) -> pipe -> victim;
        };
        let report = place.of(row).dead_letters(&letters).run_to_end(0..100).expect("it goes on without");
        assert_eq!(report.left_out(), 1);
        let mut written = crate::harness::numbers_in(&file);
        written.dedup(); // a sink without a checkpoint may see a message again
        assert_eq!(written.iter().filter(|x| **x == 50).count(), 0);
        assert_eq!(sorted(written).into_iter().collect::<std::collections::BTreeSet<_>>().len(), 99);
    });
}

/// Fills chunks with their numbers.
struct Ramps(Pool<u32>, u32);
impl Source for Ramps {
    type Out = Chunk<u32>;
    fn next(&mut self) -> Result<Option<Chunk<u32>>> {
        if self.1 == 300 {
            return Ok(None);
        }
        let mut chunk = self.0.take()?;
        chunk.fill(self.1);
        self.1 += 1;
        Ok(Some(chunk))
    }
}

/// The chunks of what is left out come back to a pool that has only two.
#[test]
fn its_chunks_come_back() {
    watched("its chunks", PLACE, |place| {
        let row = pipeline! {
            <() -> u32>;
            pool ramps(2) of [u32; 100];
            processor victim [on_poison = skip] =
                |chunk: Chunk<u32>| if chunk[0] % 50 == 7 { std::process::abort() } else { chunk };
            source(Ramps(ramps.clone(), 0)) -> pipe -> victim -> pipe -> processor(|chunk: &[u32]| chunk[99]);
        };
        let (outputs, report, letters) = survived(place, row, []);
        assert_eq!(outputs, (0..300).filter(|x| x % 50 != 7).collect::<Vec<_>>());
        assert_eq!(report.left_out(), 6);
        has(&letters, "chunks", "\"left out\"");
    });
}

#[test]
fn an_error_that_is_returned_is_no_poison() {
    watched("an error that is returned", PLACE, |place| {
        let scratch = Scratch::new();
        let letters = scratch.file("letters");
        let row = pipeline! {
            <u64 -> u64>;
            try_map victim [on_poison = skip] = |x: u64| if x == AT { Err(conveyor::Failure::new("no")) } else { Ok(x) };
            victim
        };
        let mut run = place.of(row).dead_letters(&letters).run(0..COUNT);
        let error = run.by_ref().find_map(Result::err).expect("the run fails");
        assert_eq!((error.kind(), error.position(), error.cause()), (ErrorKind::Failed, Some(AT), "no"));
        assert_eq!(run.report().processor("victim").expect("it is declared").replaced(), 0);
        assert!(!letters.exists());
    });
}

#[test]
fn without_a_place_for_the_letter_the_run_ends() {
    watched("no place for the letter", PLACE, |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim [on_poison = skip] = |x: u64| if x == AT { std::process::abort() } else { x };
            victim
        };
        for file in ["/nowhere/at/all", "/dev/full"] {
            let mut run = place.of(row.clone()).dead_letters(file).run(0..COUNT);
            let error = run.find_map(Result::err).expect("nothing is lost without a trace");
            assert_eq!((error.kind(), error.position()), (ErrorKind::Signal(6), Some(AT)), "{error}");
            assert!(error.cause().contains(file), "{error}");
        }
    });
}

/// Panics when its state is saved behind the message [`AT`].
struct Unsaved(u64);

impl Processor for Unsaved {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 = x;
        Ok(x)
    }
}

impl Checkpoint for Unsaved {
    type State = u64;
    fn save(&mut self) -> Result<u64> {
        assert!(self.0 < AT, "it cannot be saved");
        Ok(self.0)
    }
    fn restore(&mut self, x: u64) -> Result<()> {
        self.0 = x;
        Ok(())
    }
}

#[test]
fn a_state_that_cannot_be_saved_is_no_messages_fault() {
    everywhere("a state that cannot be saved", |place| {
        let row = pipeline! {
            <u64 -> u64>;
            processor victim [on_poison = skip] = Unsaved(0);
            processor(|x| x) -> pipe -> victim;
        };
        let error = place.error(row, 0..COUNT);
        assert_eq!((error.kind(), error.position()), (ErrorKind::Panicked, None), "{error}");
        assert!(error.cause().contains("it cannot be saved"), "{error}");
        assert!(error.cause().contains("without getting any further"), "{error}");
    });
}
