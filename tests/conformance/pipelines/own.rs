//! What every use of a pipeline has of its own: pools, sizes, counts, states, options, what runs first.

use super::parts::{Shared, deeper};
use crate::harness::Place;
use conveyor::{Chunk, Expand, Outlet, Pipeline, Pool, Result, pipeline};
use std::sync::atomic::{AtomicU64, Ordering};

in_every_context! {
    arguments_are_evaluated_once_in_the_caller pools_of_their_own sizes_and_counts_are_evaluated_from_the_parameters a_flush_passes one_source_reads_stdin,
    processes only: init_of_the_inner_one_runs_for_its_own_stages
}

const COUNT: u64 = 3000;

pipeline! {
    /// Gives its key at two places.
    Keys<u64 -> (u64, u64)>(key: u64);
    processor(|_| *key) -> pipe -> processor(|first| (first, *key));
}

fn arguments_are_evaluated_once_in_the_caller(place: Place) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    fn key() -> u64 {
        NEXT.fetch_add(1, Ordering::Relaxed) << 32 | u64::from(std::process::id())
    }
    let outer = pipeline! { <u64 -> (u64, u64)>; pipeline keys = Keys(key()); keys; };
    let (first, second) = place.outputs(outer, [0])[0];
    assert_eq!(first, second);
    assert_eq!(first as u32, std::process::id());
}

/// Counts in the chunks of a pool.
struct Fill(Pool<u64>);

impl Expand for Fill {
    type In = u64;
    type Out = Chunk<u64>;
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
