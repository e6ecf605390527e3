use crate::{Chunk, Context, Error, ErrorKind, Message, Pipeline, Pool, Result, Source, pipeline};

fn outputs<In: Message, Out: Message>(
    pipeline: &Pipeline<In, Out>,
    inputs: Vec<In>,
) -> Result<Vec<Out>, Error> {
    pipeline.clone().context(Context::Processes).run(inputs).collect()
}

#[test]
fn numbers_pass_through_a_row_in_order() {
    let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> processor(|x| x * 3) };
    let expected: Vec<u64> = (0..100_000).map(|x| (x + 1) * 3).collect();
    assert_eq!(outputs(&row, (0..100_000).collect()).expect("it runs"), expected);
}

#[test]
fn texts_of_all_sizes_pass() {
    let texts = pipeline! { <String -> String>; processor(|s: String| s) -> pipe(3) -> processor(|s: &str| s.to_owned()) };
    let sizes = [0, 1, 15, 16, 17, 1000, 600_000, 5_000_000, 3, 700_000, 0];
    let inputs: Vec<String> = (0..300).map(|x| "x".repeat(sizes[x % sizes.len()] / (1 + x / 11))).collect();
    assert_eq!(outputs(&texts, inputs.clone()).expect("it runs"), inputs);
}

#[test]
fn a_zip_pairs_what_stems_from_one_message() {
    let zip = pipeline! {
        <u64 -> (u64, String, u64)>;
        processor(|x| x)
            -> pipe -> replicated fork { processor(|x| x + 1), processor(|x: u64| x.to_string()) -> pipe(2) -> processor(|s: String| s + "!"), pipe }
            -> pipe -> join zip;
    };
    let expected: Vec<_> = (0..20_000).map(|x| (x + 1, format!("{x}!"), x)).collect();
    assert_eq!(outputs(&zip, (0..20_000).collect()).expect("it runs"), expected);
}

#[test]
fn a_merge_loses_and_repeats_nothing() {
    let merge = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(3) { processor(|x| x * 2) } -> pipe -> join merge
    };
    let mut got = outputs(&merge, (0..50_000).collect()).expect("it runs");
    got.sort_unstable();
    assert_eq!(got, (0..50_000).map(|x| x * 2).collect::<Vec<u64>>());
}

#[test]
fn an_ordered_join_restores_the_order_of_unequal_outputs() {
    let ordered = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe(64)
            -> balanced fork(3) { flat_map(|x| (0..x % 4).map(move |k| x * 10 + k)) -> pipe -> filter(|x| *x % 3 != 0) }
            -> pipe -> join ordered
    };
    let expected: Vec<u64> =
        (0..20_000u64).flat_map(|x| (0..x % 4).map(move |k| x * 10 + k)).filter(|x| x % 3 != 0).collect();
    assert_eq!(outputs(&ordered, (0..20_000).collect()).expect("it runs"), expected);
}

#[test]
fn a_panic_and_an_error_name_processor_and_position() {
    let panics = pipeline! {
        <u64 -> u64>;
        processor careful = |x: u64| x;
        processor clumsy = |x: u64| if x == 7 { panic!("seven") } else { x };
        careful -> pipe -> clumsy;
    };
    let error = outputs(&panics, (0..100).collect()).expect_err("it panics");
    assert_eq!(
        (error.kind(), error.processor(), error.position()),
        (ErrorKind::Panicked, Some("clumsy"), Some(7))
    );
    assert!(error.cause().contains("seven"), "{error}");

    let fails = pipeline! { <String -> u64>; try_map parse = |s: String| s.parse::<u64>(); parse };
    let error = outputs(&fails, vec!["1".into(), "x".into()]).expect_err("it fails");
    assert_eq!(
        (error.kind(), error.processor(), error.position()),
        (ErrorKind::Failed, Some("parse"), Some(1))
    );
}

/// Fills a chunk with its number, again and again.
struct Ramps {
    pool: Pool<u32>,
    next: u32,
    end: u32,
}

impl Source for Ramps {
    type Out = Chunk<u32>;
    fn next(&mut self) -> Result<Option<Chunk<u32>>> {
        if self.next == self.end {
            return Ok(None);
        }
        let mut chunk = self.pool.take()?;
        chunk.fill(self.next);
        self.next += 1;
        Ok(Some(chunk))
    }
}

#[test]
fn chunks_cross_forks_by_handle_and_come_back() {
    let sums = pipeline! {
        <() -> (u64, u32, u32)>(count: u32 = 2000);
        pool ramps(2) of [u32; 1000];
        source(Ramps { pool: ramps.clone(), next: 0, end: *count })
            -> pipe -> replicated fork {
                processor(|chunk: &[u32]| chunk.iter().map(|x| u64::from(*x)).sum::<u64>()),
                processor(|mut chunk: Chunk<u32>| { chunk[0] += 1; chunk }) -> pipe -> processor(|chunk: &[u32]| chunk[0]),
                pipe -> balanced fork(2) { processor(|chunk: Chunk<u32>| chunk) -> pipe -> processor(|chunk: Chunk<u32>| chunk[999]) } -> pipe -> join ordered,
            } -> pipe -> join zip;
    };
    let sums: Vec<_> =
        sums.context(Context::Processes).run(()).collect::<Result<_, Error>>().expect("it runs");
    let expected: Vec<_> = (0..2000).map(|x| (u64::from(x) * 1000, x + 1, x)).collect();
    assert_eq!(sums, expected);
}

/// Takes more chunks than there are, in one step.
struct Greedy(Pool<u8>);

impl Source for Greedy {
    type Out = Chunk<u8>;
    fn next(&mut self) -> Result<Option<Chunk<u8>>> {
        let _kept = [self.0.take()?, self.0.take()?];
        self.0.take().map(Some)
    }
}

#[test]
fn a_step_that_takes_more_chunks_than_there_are_fails() {
    for context in [Context::Threads, Context::Processes] {
        let greedy = pipeline! { <() -> u64>; pool two(2) of [u8; 10]; source(Greedy(two.clone())) -> pipe -> processor(|chunk: &[u8]| chunk.len() as u64) };
        let error = greedy.context(context).run(()).find_map(Result::err).expect("it cannot go on");
        assert!(
            error.processor() == Some("Greedy") && error.cause().contains("all 2 chunks"),
            "{context:?}: {error}"
        );
    }
}

#[test]
fn only_one_source_reads_the_standard_input() {
    let two = pipeline! {
        source first [stdin] = 0..1u64;
        source second [stdin] = 0..1u64;
        join merge both;
        first -> pipe -> both;
        second -> pipe -> both;
        both -> sink(|_x: u64| ());
    };
    let error = two.run_to_end(()).expect_err("they cannot share it");
    assert!(
        error.kind() == ErrorKind::Start
            && error.cause().contains("`first`")
            && error.cause().contains("`second`"),
        "{error}"
    );
}
