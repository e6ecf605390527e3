//! Every element alone and in a row.

use crate::support::{everywhere, in_one_process, outputs, sorted};
use conveyor::{
    Chunk, Context, Expand, Filled, InPlace, Outlet, Pool, Processor, Ref, Result, Sink, Slot, Source,
    pipeline,
};
use std::sync::Mutex;

struct Sum(u64);
impl Processor for Sum {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 += x;
        Ok(self.0)
    }
}

struct Square;
impl InPlace for Square {
    type In = Ref<u64>;
    type Out = [u64; 2];
    fn process<'s>(&mut self, x: &u64, out: Slot<'s, [u64; 2]>) -> Result<Filled<'s>> {
        Ok(out.put([*x, x * x]))
    }
}

/// As many copies as the number says, and one word at the end.
struct Repeat;
impl Expand for Repeat {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        (0..x).try_for_each(|_| out.push(x))
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(1000)
    }
}

struct Count(u64);
impl Source for Count {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        Ok((self.0 <= 5).then_some(self.0))
    }
}

#[test]
fn a_processor_with_state() {
    everywhere(|context| {
        let sums = pipeline! { <u64 -> u64>; processor(Sum(0)) };
        let expected: Vec<u64> = (0..10_000)
            .scan(0, |sum, x| {
                *sum += x;
                Some(*sum)
            })
            .collect();
        assert_eq!(outputs(sums, context, 0..10_000).unwrap(), expected);
    });
}

#[test]
fn outputs_in_place() {
    everywhere(|context| {
        let squares = pipeline! { <u64 -> [u64; 2]>; processor(Square) };
        assert_eq!(outputs(squares, context, 1..4).unwrap(), [[1, 1], [2, 4], [3, 9]]);
    });
}

#[test]
fn several_outputs_and_none_and_more_at_the_end() {
    everywhere(|context| {
        let repeat = pipeline! { <u64 -> u64>; processor(Repeat) };
        assert_eq!(outputs(repeat, context, [2, 0, 3]).unwrap(), [2, 2, 3, 3, 3, 1000]);
    });
}

#[test]
fn a_source_feeds_a_row() {
    everywhere(|context| {
        let row = pipeline! {
            <() -> u64>;
            source(Count(0)) -> pipe -> processor(|x| x * 2) -> pipe -> filter(|x| x % 4 == 0)
        };
        assert_eq!(outputs(row, context, []).unwrap(), [4, 8]);
    });
}

#[test]
fn borrowed_inputs_and_strings() {
    everywhere(|context| {
        let words = pipeline! {
            <String -> u64>;
            flat_map(|line: &str| line.split(' ').map(str::to_owned)) -> pipe(3)
                -> processor(|word: &str| word.len() as u64)
        };
        let lines = ["to be or".to_owned(), String::new(), "not".to_owned()];
        assert_eq!(outputs(words, context, lines).unwrap(), [2, 2, 2, 0, 3]);
    });
}

#[test]
fn try_map_and_filter_map() {
    everywhere(|context| {
        let numbers = pipeline! {
            <String -> u64>;
            try_map(|text: String| text.parse::<u64>()) -> pipe -> filter_map(|x: u64| x.checked_sub(10))
        };
        let texts = ["12", "3", "10"].map(str::to_owned);
        assert_eq!(outputs(numbers, context, texts).unwrap(), [2, 0]);
    });
}

#[test]
fn no_input_and_one_input() {
    everywhere(|context| {
        let row = || pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> processor(|x| x * 2) };
        assert_eq!(outputs(row(), context, []).unwrap(), [0_u64; 0]);
        assert_eq!(outputs(row(), context, [20]).unwrap(), [42]);
    });
}

#[test]
fn capacity_one() {
    everywhere(|context| {
        let row = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(1) -> processor(|x| x + 1) -> pipe(1) -> processor(|x| x * 2)
                -> pipe(1)
        };
        let expected: Vec<u64> = (0..3000).map(|x| (x + 1) * 2).collect();
        assert_eq!(outputs(row, context, 0..3000).unwrap(), expected);
    });
}

#[test]
fn messages_without_bytes_and_large_ones() {
    in_one_process(|context| {
        let units = pipeline! {
            <() -> u64>;
            source(vec![(); 1000]) -> pipe -> processor({ let mut n = 0; move |_: ()| { n += 1; n } })
        };
        assert_eq!(outputs(units, context, []).unwrap().last(), Some(&1000));
        let large = pipeline! { <Vec<u8> -> u64>; processor(|bytes: Vec<u8>| bytes.len() as u64) };
        assert_eq!(outputs(large, context, [vec![1_u8; 20 << 20]]).unwrap(), [20 << 20]);
    });
}

/// Sends on what it takes, so that the test sees it.
struct Collect(&'static Mutex<Vec<u64>>);
impl Sink for Collect {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        self.0.lock().unwrap().push(x);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        self.0.lock().unwrap().push(9999);
        Ok(())
    }
}

#[test]
fn from_a_source_to_a_sink() {
    in_one_process(|context| {
        static SEEN: Mutex<Vec<u64>> = Mutex::new(Vec::new());
        SEEN.lock().unwrap().clear();
        let chain =
            pipeline! { source(0..1000_u64) -> pipe -> processor(|x| x + 1) -> pipe -> sink(Collect(&SEEN)) };
        let report = chain.context(context).run_to_end(()).unwrap();
        let expected: Vec<u64> = (1..=1000).chain([9999]).collect();
        assert_eq!(*SEEN.lock().unwrap(), expected);
        assert_eq!(report.lanes().len(), 3);
    });
}

#[test]
fn two_sinks_and_an_open_end() {
    in_one_process(|context| {
        static SEEN: Mutex<Vec<u64>> = Mutex::new(Vec::new());
        SEEN.lock().unwrap().clear();
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe
                -> replicated fork { sink(Collect(&SEEN)), filter(|x| x % 2 == 0) -> pipe
                -> sink(Collect(&SEEN)), processor(|x| x + 1) }
        };
        assert_eq!(outputs(graph, context, 0..100).unwrap(), (1..=100).collect::<Vec<u64>>());
        let mut seen = SEEN.lock().unwrap().clone();
        seen.sort_unstable();
        let mut expected: Vec<u64> = (0..100).chain((0..100).step_by(2)).chain([9999, 9999]).collect();
        expected.sort_unstable();
        assert_eq!(seen, expected);
    });
}

#[test]
fn parameters_need_not_be_shared() {
    everywhere(|context| {
        let (add, words) = (5_u64, vec!["a".to_owned(), "bb".to_owned()]);
        let graph = pipeline! {
            <u64 -> u64>(add: u64, words: Vec<String>);
            processor(|x| x + add) -> pipe
                -> balanced fork(3) { processor(|x| x + words.len() as u64) } -> pipe -> join merge
        };
        assert_eq!(sorted(graph, context, 0..100), (7..107).collect::<Vec<u64>>());
    });
}

#[test]
fn the_report_counts_messages() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor double = |x: u64| x * 2;
            filter even = |x: &u64| x.is_multiple_of(4);
            flat_map twice = |x: u64| [x, x];
            double -> pipe -> even -> pipe -> twice
        };
        let mut run = graph.context(context).run(0..1000);
        assert_eq!(run.by_ref().collect::<Result<Vec<_>, _>>().unwrap().len(), 1000);
        let report = run.report();
        let counts = |name| report.processor(name).map(|of| (of.messages_in(), of.messages_out())).unwrap();
        assert_eq!(counts("double"), (1000, 1000));
        assert_eq!(counts("even"), (1000, 500));
        assert_eq!(counts("twice"), (500, 1000));
    });
}

#[test]
fn a_pipeline_runs_twice_and_beside_itself() {
    everywhere(|context| {
        let graph = pipeline! { <u64 -> u64>; processor(Sum(0)) };
        let graph = graph.context(context);
        let (mut one, mut two) = (graph.run(1..100), graph.run(1..100));
        for _ in 1..100 {
            assert_eq!(one.next().unwrap().unwrap(), two.next().unwrap().unwrap());
        }
        assert!(one.next().is_none() && two.next().is_none());
        assert_eq!(graph.run([7]).next().unwrap().unwrap(), 7);
    });
}

#[test]
fn chunks_come_from_pools_and_go_back() {
    everywhere(|context| {
        let sums = pipeline! {
            <u64 -> u64>;
            pool rows(2) of [u64; 100];
            processor fill = Fill(rows.clone());
            fill -> pipe -> balanced fork(2) { processor(|row: &[u64]| row.iter().sum::<u64>()) } -> pipe -> join ordered
        };
        assert_eq!(
            outputs(sums, context, 0..1000).unwrap(),
            (0..1000).map(|x| 100 * x).collect::<Vec<u64>>()
        );
    });
}

struct Fill(Pool<u64>);
impl Processor for Fill {
    type In = u64;
    type Out = Chunk<u64>;
    fn process(&mut self, x: u64) -> Result<Chunk<u64>> {
        let mut row = self.0.take()?;
        row.fill(x);
        Ok(row)
    }
}

#[test]
fn a_pipeline_inside_a_processor() {
    everywhere(|context| {
        let serial = u64::from(context == Context::Serial);
        let graph = pipeline! {
            <u64 -> u64>(serial: u64);
            processor(|x| x) -> pipe -> processor(|x| squared(x, *serial == 1))
        };
        assert_eq!(outputs(graph, context, 0..50).unwrap(), (0..50).map(|x| x * x).collect::<Vec<u64>>());
    });
}

fn squared(x: u64, serial: bool) -> u64 {
    let inner = pipeline! { <u64 -> u64>; processor(|x| x * x) -> pipe -> processor(|x| x) };
    let context = if serial { Context::Serial } else { Context::Threads };
    outputs(inner, context, [x]).unwrap()[0]
}
