//! Instructions per message, counted by valgrind's callgrind, and bounds for them, so that nothing creeps up unseen.
//!
//! `cargo bench -p conveyor --features bench --bench instructions` counts, and fails when a count is more than 5 % (of loops 12 %) above
//! the one in `instructions.txt`; with `-- record` it writes that file anew. Each kind of work runs with few and with
//! many messages, and what is divided by the messages is the difference: so starting costs nothing. A pipeline's stages
//! run in one thread, one after the other, on the rings of processes; nothing waits there.

use conveyor::private::{Encoded, run_alone};
use conveyor::{Context, Message, Pipeline, pipeline};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Few messages, and many of them.
type Counts = (usize, usize);

const PLAIN: Counts = (2_000, 10_000);
/// Enough for batches of the usual length.
const MANY: Counts = (20_000, 100_000);
/// What a ring has memory for from the beginning: more of them make its writer wait for room.
const LARGE: Counts = (60, 300);
/// A row that is one loop soon works on thousands of them a turn: these show what the loop costs, not the turns.
const IN_A_LOOP: Counts = (500_000, 2_500_000);
/// Every pipe holds all messages, however many there are: its size costs instructions, too, when the run starts.
const ROOM: usize = PLAIN.1;
/// How far a count may lie above the recorded one; of a loop further, for its turns are as long as the clock says, so on a slow
/// machine there are more of them.
const SLACK: f64 = 1.05;
const SLACK_OF_LOOPS: f64 = 1.12;
/// A stage that is held up by the machine publishes smaller batches, so the least of several counts counts.
const TRIES: usize = 4;

type Work = fn(usize);

const WORKS: &[(&str, Counts, Work)] = &[
    ("source to sink, u64", PLAIN, |count| alone(&source_to_sink(count))),
    ("source, processor, sink, u64", PLAIN, |count| alone(&with_processor(count))),
    ("source, two processors, sink, u64", PLAIN, |count| alone(&with_two_processors(count))),
    ("the same in batches of the usual length", MANY, |count| alone(&in_usual_batches(count))),
    ("source, balanced fork of 2, merge, sink, u64", PLAIN, |count| alone(&shared(count))),
    ("source to sink, String", LARGE, |count| alone(&texts(count))),
    ("source to sink, record", LARGE, |count| alone(&records(count))),
    ("encode a record", LARGE, encode),
    ("decode a record", LARGE, decode),
    ("encode fields of fixed size", PLAIN, encode_fixed),
    ("serial: source, three processors, sink, u64", IN_A_LOOP, serial),
    ("fused: source, three processors, sink, u64", IN_A_LOOP, |count| alone(&fused(count))),
];

/// A string, an option, 64 floats, 20 words.
#[derive(Clone, Message)]
struct Record {
    name: String,
    reply_to: Option<u64>,
    scores: Vec<f32>,
    words: Vec<String>,
}

impl Record {
    fn sample() -> Record {
        let words = (0..20).map(|index| "conveyor"[..1 + index % 8].to_owned());
        Record {
            name: "a name of medium length".into(),
            reply_to: Some(1 << 33),
            scores: (0..64).map(|index| index as f32 / 3.0).collect(),
            words: words.collect(),
        }
    }
}

/// Fields of fixed size, with padding between them and types that are checked.
#[derive(Clone, Message)]
struct Fixed {
    id: u64,
    price: f64,
    venue: u32,
    kind: u8,
    buys: bool,
    limit: Option<f64>,
}

fn alone(pipeline: &Pipeline<(), ()>) {
    run_alone(pipeline).expect("it runs");
}

fn source_to_sink(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source(0..*count as u64) -> pipe(ROOM) [batch = 64] -> sink(|x: u64| { black_box(x); });
    }
}

fn with_processor(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source(0..*count as u64) -> pipe(ROOM) [batch = 64] -> processor(|x: u64| x + 1)
            -> pipe(ROOM) [batch = 64] -> sink(|x: u64| { black_box(x); });
    }
}

fn with_two_processors(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source(0..*count as u64) -> pipe(ROOM) [batch = 64] -> processor(|x: u64| x + 1)
            -> pipe(ROOM) [batch = 64] -> processor(|x: u64| x * 3)
            -> pipe(ROOM) [batch = 64] -> sink(|x: u64| { black_box(x); });
    }
}

fn in_usual_batches(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source(0..*count as u64) -> pipe(MANY.1) -> processor(|x: u64| x + 1)
            -> pipe(MANY.1) -> processor(|x: u64| x * 3)
            -> pipe(MANY.1) -> sink(|x: u64| { black_box(x); });
    }
}

fn shared(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source(0..*count as u64) -> pipe(ROOM) [batch = 64]
            -> balanced fork(2) { processor(|x: u64| x + 1) } -> pipe(ROOM) [batch = 64] -> join merge
            -> sink(|x: u64| { black_box(x); });
    }
}

fn texts(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source((0..*count).map(|_| "a name of medium length".to_owned())) -> pipe(ROOM) [batch = 64]
            -> sink(|text: &str| { black_box(text.len()); });
    }
}

fn records(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source({
            let record = Record::sample();
            (0..*count).map(move |_| record.clone())
        }) -> pipe(ROOM) [batch = 64] -> sink(|record: Record| { black_box(record.words.len()); });
    }
}

fn encode(count: usize) {
    let (record, mut encoded) = (Record::sample(), Encoded::default());
    (0..count).for_each(|_| encoded.write(black_box(&record)).expect("it can be encoded"));
}

fn encode_fixed(count: usize) {
    let fixed = Fixed { id: 7, price: 1.5, venue: 3, kind: 4, buys: true, limit: Some(2.5) };
    let mut encoded = Encoded::default();
    (0..count).for_each(|_| encoded.write(black_box(&fixed)).expect("it can be encoded"));
}

fn decode(count: usize) {
    let encoded = Encoded::of(&Record::sample()).expect("it can be encoded");
    (0..count).for_each(|_| drop(black_box(encoded.decode::<Record>().expect("it is not damaged"))));
}

fn serial(count: usize) {
    let relay = pipeline! {
        (count: usize);
        source(0..*count as u64) -> pipe -> processor(|x: u64| x + 1) -> pipe -> processor(|x: u64| x * 3)
            -> pipe -> processor(|x: u64| x ^ 5) -> pipe -> sink(|x: u64| { black_box(x); });
    };
    relay.context(Context::Serial).run_to_end(()).expect("it runs");
}

fn fused(count: usize) -> Pipeline<(), ()> {
    pipeline! {
        (count: usize);
        source(0..*count as u64) [fuse = next] -> pipe -> processor(|x: u64| x + 1) [fuse = next]
            -> pipe -> processor(|x: u64| x * 3) [fuse = next] -> pipe -> processor(|x: u64| x ^ 5) [fuse = next]
            -> pipe -> sink(|x: u64| { black_box(x); });
    }
}

/// What valgrind has counted in one run of this program.
fn instructions(work: &str, count: usize) -> u64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["work", work, &count.to_string()])
        .output()
        .expect("valgrind has run before");
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    match collected.and_then(|(_, number)| number.trim().parse().ok()) {
        Some(number) if output.status.success() => number,
        _ => panic!("{work}: {said}"),
    }
}

fn per_message(work: &str, (few, many): Counts) -> f64 {
    let counted = instructions(work, many) as f64 - instructions(work, few) as f64;
    counted / (many - few) as f64
}

/// The least of several counts; no more of them than are needed to keep a bound.
fn least(work: &str, counts: Counts, bound: f64) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..TRIES {
        least = least.min(per_message(work, counts));
        if least <= bound {
            break;
        }
    }
    least
}

fn bounds_file() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt"))
}

fn slack(counts: Counts) -> f64 {
    if counts == IN_A_LOOP { SLACK_OF_LOOPS } else { SLACK }
}

/// What was counted when the file was written, by the name of the work.
fn recorded() -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(bounds_file()).expect("the file stands beside this one");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (count, work) = line.trim().split_once(' ').expect("a count, and the name of the work");
            (work.trim().to_owned(), count.parse().expect("a count"))
        })
        .collect()
}

fn record() {
    let mut text = String::from("# Instructions per message; written by benches/instructions.rs\n");
    for (work, counts, _) in WORKS {
        let count = least(work, *counts, 0.0);
        println!("{count:9.1}  {work}");
        let _ = writeln!(text, "{count:9.1}  {work}");
    }
    std::fs::write(bounds_file(), text).expect("the file can be written");
}

fn compare() -> ExitCode {
    let recorded = recorded();
    let mut above = 0;
    println!("instructions per message (recorded)");
    for (work, counts, _) in WORKS {
        let Some(&known) = recorded.get(*work) else {
            println!("{:>9}  {work}: nothing is recorded", "?");
            above += 1;
            continue;
        };
        let slack = slack(*counts);
        let count = least(work, *counts, known * slack);
        println!("{count:9.1} ({known:.1})  {work}");
        if count > known * slack {
            println!("           too many: find out why, or record it on purpose (`-- record`)");
            above += 1;
        } else if count * slack < known {
            println!("           far fewer: record it (`-- record`), so that the bound is tight again");
        }
    }
    if above == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["work", work, count] = words[..] {
        let (_, _, work) = WORKS.iter().find(|(name, ..)| *name == work).expect("a work from the list");
        work(count.parse().expect("a number of messages"));
        return ExitCode::SUCCESS;
    }
    if !Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("Instructions were NOT counted: valgrind is missing.");
        return ExitCode::SUCCESS;
    }
    match words[..] {
        ["record"] => record(),
        _ => return compare(),
    }
    ExitCode::SUCCESS
}
