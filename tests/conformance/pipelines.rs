//! Pipelines inside pipelines: what one does alone it does there, any number of times and at any depth.

use crate::harness::{Place, Scratch, numbers_in, sorted};
use conveyor::{ErrorKind, Expand, Failure, Outlet, Pipeline, Pool, Result, Sink, pipeline};
use std::path::{Path, PathBuf};

in_every_context! {
    used_twice_with_parameters_of_their_own a_join_at_the_end_leads_anywhere in_forks_of_every_kind
    at_any_depth_and_by_any_path sources_and_sinks several_closed_ends_in_one_graph alone pools_of_their_own
    sizes_and_counts_are_evaluated_from_the_parameters rates_are_kept generic_functions
    a_flush_passes errors_name_the_way constructors_fail_by_name arguments_fail_by_name
    a_source_among_workers_is_refused one_source_reads_stdin,
    processes only: kills_name_the_way init_of_the_inner_one_runs_for_its_own_stages
}

const COUNT: u64 = 3000;

pipeline! {
    /// A row.
    pub Affine<u64 -> u64>(by: u64, add: u64);
    processor scale = |x| x * by;
    processor shift = |x| x + add;
    scale -> pipe(8) -> shift;
}

pipeline! {
    /// Ends in an ordered join.
    pub Shared<u64 -> u64>(workers: usize, room: usize);
    processor work = |x| x + 1;
    processor(|x| x) -> pipe(room) -> balanced fork(workers) { work } -> pipe(room) -> join ordered;
}

pipeline! {
    /// Ends in a zip.
    pub Both<u64 -> (u64, u64)>;
    processor(|x| x) -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join zip;
}

pipeline! {
    /// Ends in a merge, and gives two for one.
    pub Twice<u64 -> u64>;
    processor(|x| x) -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join merge;
}

pipeline! {
    /// Leaves some out.
    pub Odd<u64 -> u64>;
    filter(|x| x % 2 == 1);
}

mod deeper {
    use super::Affine;
    use conveyor::pipeline;

    pipeline! {
        /// Two in one, of which the last has a pipe behind it.
        pub(super) Deep<u64 -> u64>(add: u64, room: usize);
        pipeline row = Affine(2, *add);
        pipeline shared = super::Shared(2, *room);
        row -> pipe -> shared -> pipe(room);
    }

    pub(super) mod deepest {
        conveyor::pipeline! {
            /// Three levels.
            pub Deepest<u64 -> u64>;
            pipeline deep = super::Deep(7, 3);
            deep -> pipe -> processor(|x| x + 1);
        }
    }
}

fn used_twice_with_parameters_of_their_own(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>(by: u64 = 3, adds: Vec<u64> = vec![1, 5]);
        pipeline first = Affine(*by, adds[0]);
        pipeline second = Affine(2, adds.iter().sum::<u64>(),);
        first -> pipe -> second;
    };
    let expected: Vec<u64> = (0..COUNT).map(|x| (x * 3 + 1) * 2 + 6).collect();
    assert_eq!(place.outputs(outer, 0..COUNT), expected);
}

fn a_join_at_the_end_leads_anywhere(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pipeline first = Shared(2, 4);
        pipeline second = Shared(3, 1);
        pipeline both = Both;
        pipeline twice = Twice;
        pipeline last = Shared(2, 100);
        first -> pipe -> second -> pipe(2) -> balanced fork(2) { processor(|x| x) } -> pipe -> join ordered
            -> pipe -> both -> pipe -> replicated fork { processor(|(x, _)| x), processor(|(_, x)| x) } -> pipe -> join zip
            -> processor(|(x, y)| x + y) -> pipe -> twice -> pipe -> balanced fork(2) { pipe -> last } -> pipe -> join merge;
    };
    let expected = (0..COUNT).flat_map(|x| [(x + 2) * 2 + 1; 2]);
    assert_eq!(sorted(place.outputs(outer, 0..COUNT)), sorted(expected));
}

fn in_forks_of_every_kind(place: Place) {
    let outer = pipeline! {
        <u64 -> (u64, (u64, u64), u64)>;
        pipeline row = Affine(2, 1);
        pipeline shared = Shared(2, 3);
        pipeline both = Both;
        pipeline left = Affine(1, 0);
        pipeline right = Shared(2, 2);
        pipeline each = Shared(2, 2);
        processor(|x| x) -> pipe -> balanced fork { left, right -> pipe -> processor(|x| x - 1) } -> pipe -> join ordered
            -> pipe -> replicated fork {
                row,
                both -> pipe -> processor(|pair| pair),
                shared -> pipe -> balanced fork(3) { each } -> pipe -> join ordered,
            } -> pipe -> join zip;
    };
    let expected: Vec<_> = (0..COUNT).map(|x| (x * 2 + 1, (x, x), x + 2)).collect();
    assert_eq!(place.outputs(outer, 0..COUNT), expected);
}

fn at_any_depth_and_by_any_path(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pipeline a = deeper::deepest::Deepest;
        pipeline b = self::deeper::Deep(1, 2);
        pipeline c = crate::conformance::pipelines::Affine(1, 1);
        a -> pipe -> balanced fork(2) { b } -> pipe -> join ordered -> pipe -> c;
    };
    let deep = |x: u64, add: u64| x * 2 + add + 1;
    let expected: Vec<u64> = (0..COUNT).map(|x| deep(deep(x, 7) + 1, 1) + 1).collect();
    let pipeline = place.of(outer);
    let mut run = pipeline.run(0..COUNT);
    assert_eq!(run.by_ref().collect::<Result<Vec<_>, _>>().expect("the run succeeds"), expected);
    let report = run.report();
    let scale = report.processor("a/deep/row/scale").expect("it is there by its whole name");
    assert_eq!((scale.messages_in(), scale.lanes().len()), (COUNT, 1));
    let work = report.processor("b/shared/work").expect("it is there by its whole name");
    assert_eq!((work.messages_out(), work.lanes().len()), (COUNT, 4));
}

pipeline! {
    /// Starts with a source.
    pub Numbers<() -> u64>(count: u64);
    source numbers = 0..*count;
    numbers -> pipe -> processor(|x| x);
}

/// Writes numbers into a file, one a line.
struct Lines(std::io::BufWriter<std::fs::File>);

impl Lines {
    fn create(file: &Path) -> Result<Lines> {
        Ok(Lines(std::io::BufWriter::new(std::fs::File::create(file)?)))
    }
}

impl Sink for Lines {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        use std::io::Write;
        writeln!(self.0, "{x}")?;
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        use std::io::Write;
        self.0.flush()?;
        Ok(())
    }
}

pipeline! {
    /// Ends in a sink.
    pub Store<u64 -> ()>(file: PathBuf);
    processor(|x| x) -> pipe -> sink(Lines::create(file)?);
}

pipeline! {
    /// Closed at both ends, by others: its header says so by saying nothing.
    pub Whole(count: u64, file: PathBuf);
    pipeline numbers = Numbers(*count);
    pipeline store = Store(file.clone());
    numbers -> pipe -> store;
}

fn sources_and_sinks(place: Place) {
    let scratch = Scratch::new();
    let (file, other) = (scratch.file("all"), scratch.file("other"));
    place.of(Whole::pipeline(COUNT, file.clone())).run_to_end(()).expect("the run succeeds");
    assert_eq!(numbers_in(&file), (0..COUNT).collect::<Vec<_>>());

    let from =
        pipeline! { <() -> u64>; pipeline numbers = Numbers(5); numbers -> pipe -> processor(|x| x + 1); };
    assert_eq!(place.all(from), [1, 2, 3, 4, 5]);
    // without a header, the pipeline inside says it
    let from: Pipeline<(), u64> =
        pipeline! { pipeline numbers = Numbers(5); numbers -> pipe -> processor(|x| x + 1); };
    assert_eq!(place.all(from), [1, 2, 3, 4, 5]);
    let into: Pipeline<u64, ()> = pipeline! {
        (other: PathBuf = other.clone());
        pipeline row = Affine(2, 0);
        pipeline store = Store(other.clone());
        row -> pipe -> store;
    };
    place.of(into).run_to_end(0..COUNT).expect("the run succeeds");
    assert_eq!(numbers_in(&other), (0..COUNT).map(|x| x * 2).collect::<Vec<_>>());
}

fn several_closed_ends_in_one_graph(place: Place) {
    let scratch = Scratch::new();
    let (odd, all) = (scratch.file("odd"), scratch.file("all"));
    let graph = pipeline! {
        <u64 -> u64>(odd: PathBuf, all: PathBuf);
        pipeline more = Numbers(10);
        pipeline few = Numbers(3);
        pipeline leave_out = Odd;
        pipeline store_odd = Store(odd.clone());
        pipeline store_all = Store(all.clone());
        join merge every;
        replicated fork split;

        processor(|x| x) -> pipe -> every;
        more -> pipe -> every;
        few -> pipe -> every;
        every -> pipe -> split;
        split -> leave_out -> pipe -> store_odd;
        split -> store_all;
        split -> processor(|x| x);
    };
    let (file_of_odd, file_of_all) = (scratch.file("odd"), scratch.file("all"));
    let expected = sorted((0..COUNT).chain(0..10).chain(0..3));
    assert_eq!(sorted(place.outputs(graph, 0..COUNT)), expected);
    assert_eq!(sorted(numbers_in(&file_of_all)), expected);
    let odd: Vec<u64> = expected.into_iter().filter(|x| x % 2 == 1).collect();
    assert_eq!(sorted(numbers_in(&file_of_odd)), odd);
}

fn alone(place: Place) {
    let both_ends: Pipeline<u64, u64> = pipeline! { pipeline row = Affine(3, 1); row; };
    assert_eq!(place.outputs(both_ends, 0..5), [1, 4, 7, 10, 13]);
    let source: Pipeline<(), u64> = pipeline! { <() -> u64>; pipeline numbers = Numbers(3); numbers; };
    assert_eq!(place.all(source), [0, 1, 2]);
    let scratch = Scratch::new();
    let file = scratch.file("all");
    let closed: Pipeline<(), ()> =
        pipeline! { (file: PathBuf); pipeline whole = Whole(4, file.clone()); whole; };
    place.of(closed).run_to_end(()).expect("the run succeeds");
    assert_eq!(numbers_in(&scratch.file("all")), [0, 1, 2, 3]);
}

/// Counts in the chunks of a pool.
struct Fill(Pool<u64>);

impl Expand for Fill {
    type In = u64;
    type Out = conveyor::Chunk<u64>;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        let mut chunk = self.0.take()?;
        chunk.fill(x);
        out.push(chunk)
    }
}

pipeline! {
    /// Has two pools.
    pub Filled<u64 -> u64>(len: usize);
    pool unused(1) of [u8; 1];
    pool frames(2) of [u64; len];
    processor fill = { let _ = unused; Fill(frames.clone()) };
    fill -> pipe -> processor(|chunk: &[u64]| chunk.iter().sum::<u64>());
}

fn pools_of_their_own(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pool own(3) of [u64; 5];
        pipeline few = Filled(10);
        pipeline many = Filled(1000);
        few -> pipe -> processor(Fill(own.clone())) -> pipe -> processor(|chunk: &[u64]| chunk[4]) -> pipe -> many;
    };
    assert_eq!(place.outputs(outer, 0..300), (0..300).map(|x| x * 10_000).collect::<Vec<_>>());
}

fn sizes_and_counts_are_evaluated_from_the_parameters(place: Place) {
    let sized = |workers: usize, room: usize| {
        place.of(pipeline! {
            <u64 -> u64>(workers: usize, room: usize);
            pipeline shared = Shared(workers + 1, *room);
            pipeline deep = deeper::Deep(0, *room);
            shared -> pipe -> deep;
        })
    };
    let pipeline = sized(2, 5);
    let mut run = pipeline.run(0..COUNT);
    assert_eq!(run.by_ref().count() as u64, COUNT);
    assert_eq!(run.report().processor("shared/work").map(|work| work.lanes().len()), Some(3));
    assert_eq!(run.report().processor("deep/shared/work").map(|work| work.lanes().len()), Some(2));
    let refused = |pipeline: Pipeline<u64, u64>| pipeline.start().map(drop).expect_err("no room").to_string();
    let (pipe, fork) = (refused(sized(2, 0)), refused(sized(usize::MAX - 1, 1)));
    assert!(pipe.contains("`shared/pipe3`: CV015"), "{pipe}");
    assert!(fork.contains("`shared/fork4`: CV015"), "{fork}");
}

fn rates_are_kept(place: Place) {
    let outer = pipeline! {
        <u64 -> (u64, (u64, u64))>;
        pipeline deep = deeper::deepest::Deepest;
        pipeline both = Both;
        processor(|x| x) -> pipe -> replicated fork { deep, both } -> pipe -> join zip;
    };
    let expected: Vec<_> = (0..COUNT).map(|x| (x * 2 + 9, (x, x))).collect();
    assert_eq!(place.outputs(outer, 0..COUNT), expected);
    let ordered = pipeline! {
        <u64 -> u64>;
        pipeline odd = Odd;
        processor(|x| x) -> pipe -> balanced fork(3) { odd } -> pipe -> join ordered;
    };
    assert_eq!(place.outputs(ordered, 0..COUNT), (0..COUNT).filter(|x| x % 2 == 1).collect::<Vec<_>>());
}

fn generic_functions(place: Place) {
    fn shifted<T: conveyor::Message + Copy + Into<u64> + From<u8>>(by: T) -> Pipeline<T, u64> {
        pipeline! {
            <T -> u64>(by: T);
            pipeline row = Affine((*by).into(), 0);
            processor(|x: T| x.into()) -> pipe -> row;
        }
    }
    assert_eq!(place.outputs(shifted(3_u32), 0..5_u32), [0, 3, 6, 9, 12]);
    assert_eq!(place.outputs(shifted(2_u8), 0..5_u8), [0, 2, 4, 6, 8]);
}

/// Keeps everything back until it is flushed.
#[derive(Default)]
struct Keep(Vec<u64>);

impl Expand for Keep {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, _: &mut impl Outlet<u64>) -> Result<()> {
        self.0.push(x);
        Ok(())
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        self.0.drain(..).try_for_each(|x| out.push(x))
    }
}

pipeline! {
    Kept<u64 -> u64>;
    processor(Keep::default()) -> pipe -> processor(Keep::default());
}

fn a_flush_passes(place: Place) {
    let outer = pipeline! {
        <u64 -> u64>;
        pipeline kept = Kept;
        pipeline shared = Shared(2, 4);
        kept -> pipe -> shared;
    };
    let mut running = place.of(outer).start().expect("it starts");
    for round in 0..3 {
        (0..10).try_for_each(|x| running.send(round * 10 + x)).expect("there is room");
        let drained: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
        assert_eq!(drained, (round * 10 + 1..round * 10 + 11).collect::<Vec<_>>());
    }
}

fn refuse(x: u64) -> Result<u64> {
    if x == 700 { Err(Failure::new("seven hundred is refused")) } else { Ok(x) }
}

pipeline! {
    Picky<u64 -> u64>(how: String);
    try_map refuse = refuse;
    processor burst = |x| {
        if how == "panic" {
            assert!(x != 600, "six hundred bursts");
        }
        if how == "exit" && x == 600 {
            std::process::abort();
        }
        x
    };
    processor(|x| x) -> pipe -> refuse -> pipe -> burst;
}

pipeline! {
    Around<u64 -> u64>(how: String);
    pipeline picky = Picky(how.clone());
    pipeline row = Affine(1, 0);
    row -> pipe -> picky;
}

/// One outside of braces, two levels deep, behind another one.
fn around(how: &str) -> Pipeline<u64, u64> {
    let how = how.to_owned();
    pipeline! {
        <u64 -> u64>(how: String);
        pipeline before = Affine(1, 0);
        pipeline around = Around(how.clone());
        before -> pipe -> around -> pipe -> processor(|x| x);
    }
}

fn errors_name_the_way(place: Place) {
    let error = place.error(around(""), 0..COUNT);
    assert_eq!(
        (error.kind(), error.processor()),
        (ErrorKind::Failed, Some("around/picky/refuse")),
        "{error}"
    );
    assert_eq!((error.position(), error.cause()), (Some(700), "seven hundred is refused"), "{error}");
    let error = place.error(around("panic"), 0..650);
    assert_eq!(
        (error.kind(), error.processor()),
        (ErrorKind::Panicked, Some("around/picky/burst")),
        "{error}"
    );
    assert_eq!(error.position(), Some(600), "{error}");
    assert!(error.cause().contains("six hundred bursts"), "{error}");
}

fn kills_name_the_way(place: Place) {
    let error = place.error(around("exit"), 0..650);
    assert_eq!(
        (error.kind(), error.processor()),
        (ErrorKind::Signal(6), Some("around/picky/burst")),
        "{error}"
    );
}

fn number(text: &str) -> Result<u64> {
    Ok(text.parse()?)
}

pipeline! {
    Parsed<u64 -> u64>(text: String);
    processor parsed = { let by = number(text)?; move |x: u64| x * by };
    processor(|x| x) -> pipe -> parsed;
}

fn constructors_fail_by_name(place: Place) {
    let outer = pipeline! { <u64 -> u64>; pipeline inner = Parsed("three".to_owned()); inner; };
    let error = place.error(outer, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Constructor, Some("inner/parsed")), "{error}");
}

fn arguments_fail_by_name(place: Place) {
    pipeline! {
        Middle<u64 -> u64>(by: String);
        pipeline row = Affine(number(by)?, 0);
        row;
    }
    let good = pipeline! { <u64 -> u64>; pipeline middle = Middle("3".to_owned()); middle; };
    assert_eq!(place.outputs(good, 0..4), [0, 3, 6, 9]);
    let bad = pipeline! { <u64 -> u64>; pipeline middle = Middle("three".to_owned()); middle; };
    let error = place.of(bad).start().map(drop).expect_err("three is no number");
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Start, Some("middle/row")), "{error}");
    assert!(error.to_string().contains("invalid digit"), "{error}");
}

pipeline! {
    /// Takes numbers, and adds some of its own.
    Mixed<u64 -> u64>;
    source own = 0..3_u64;
    join merge all;
    processor(|x| x) -> pipe -> all;
    own -> pipe -> all;
}

fn a_source_among_workers_is_refused(place: Place) {
    let outside = pipeline! { <u64 -> u64>; pipeline mixed = Mixed; mixed -> pipe -> processor(|x| x); };
    assert_eq!(sorted(place.outputs(outside, 10..13)), [0, 1, 2, 10, 11, 12]);
    let inside = pipeline! {
        <u64 -> u64>;
        pipeline mixed = Mixed;
        processor(|x| x) -> pipe -> balanced fork(2) { mixed } -> pipe -> join merge;
    };
    let error = place.of(inside).start().map(drop).expect_err("two workers would give everything twice");
    assert_eq!(error.kind(), ErrorKind::Start, "{error}");
    assert!(error.to_string().contains("`mixed/own`: CV008"), "{error}");
}

pipeline! {
    /// Reads the standard input.
    Read<() -> u64>;
    source read [stdin] = std::io::stdin().lines().map(|line| line.map_or(0, |line| line.len() as u64));
    read;
}

fn one_source_reads_stdin(place: Place) {
    let twice = pipeline! {
        <() -> u64>;
        pipeline a = Read;
        pipeline b = Read;
        join merge both;
        a -> pipe -> both;
        b -> pipe -> both;
    };
    let error = place.of(twice).start().map(drop).expect_err("there is one standard input");
    let text = error.to_string();
    assert!(text.contains("`b/read`") && text.contains("`a/read`"), "{text}");
}

static SET_UP: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

fn note(word: &str) {
    SET_UP.lock().expect("nobody panics here").push_str(word);
}

fn outer_init() {
    note("outer ");
}

fn inner_init() {
    note("inner ");
}

pipeline! {
    #![init = inner_init]
    SetUp<String -> String>;
    processor(|before| before + &SET_UP.lock().expect("nobody panics here"));
}

fn init_of_the_inner_one_runs_for_its_own_stages(place: Place) {
    let outer = pipeline! {
        #![init = outer_init]
        <String -> String>;
        pipeline inside = SetUp;
        inside -> pipe -> processor(|before| before + "| " + &SET_UP.lock().expect("nobody panics here"));
    };
    assert_eq!(place.outputs(outer, [String::new()]), ["outer inner | outer "]);
}
