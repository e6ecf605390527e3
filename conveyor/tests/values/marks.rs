//! Flush marks: `drain` between batches, with state kept.

use crate::support::{everywhere, in_one_process};
use conveyor::{Error, Expand, Outlet, Pipeline, Processor, Result, Sink, pipeline};
use std::sync::Mutex;

/// Gives the sum of a batch when the batch is flushed, and the sum of everything at the end.
#[derive(Default)]
struct Batches {
    batch: u64,
    all: u64,
}
impl Expand for Batches {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, _: &mut impl Outlet<u64>) -> Result<()> {
        self.batch += x;
        Ok(())
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        self.all += self.batch;
        out.push(std::mem::take(&mut self.batch))
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(self.all)
    }
}

/// The sums of the batches of three drains, and what comes at the end.
fn batches(pipeline: Pipeline<u64, u64>, context: conveyor::Context) -> (Vec<Vec<u64>>, Vec<u64>) {
    let mut run = pipeline.context(context).start().unwrap();
    let mut drained = Vec::new();
    for batch in [0..100, 100..100, 0..3] {
        batch.for_each(|x| run.send(x).unwrap());
        drained.push(run.drain().collect::<Result<Vec<_>, Error>>().unwrap());
    }
    let (rest, _) = run.finish().unwrap();
    (drained, rest)
}

#[test]
fn a_row_is_flushed_and_keeps_its_state() {
    everywhere(|context| {
        let row = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe -> processor(Batches::default()) -> pipe -> processor(|x| x)
        };
        assert_eq!(batches(row, context), (vec![vec![4950], vec![0], vec![3]], vec![4953]));
    });
}

#[test]
fn every_worker_of_a_fork_is_flushed_once() {
    everywhere(|context| {
        let farm = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(4) -> balanced fork(3) { processor(Batches::default()) -> pipe
                -> processor(|x| x) } -> pipe -> join merge -> processor(|x| x)
        };
        let (drained, rest) = batches(farm, context);
        let sums: Vec<(usize, u64)> = drained.iter().map(|sums| (sums.len(), sums.iter().sum())).collect();
        assert_eq!(sums, [(3, 4950), (3, 0), (3, 3)]);
        assert_eq!((rest.len(), rest.iter().sum()), (3, 4953));
    });
}

#[test]
fn marks_pass_ordered_joins() {
    everywhere(|context| {
        let farm = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(4) -> balanced fork(3) { processor(|x| x) } -> pipe(1)
                -> join ordered -> processor(Batches::default())
        };
        assert_eq!(batches(farm, context), (vec![vec![4950], vec![0], vec![3]], vec![4953]));
    });
}

#[test]
fn what_is_flushed_inside_an_ordered_region_comes_after_the_messages() {
    everywhere(|context| {
        let farm = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(4) -> balanced fork(3) { processor(Batches::default()) }
                -> pipe(1) -> join ordered
        };
        let (drained, rest) = batches(farm, context);
        let sums: Vec<(usize, u64)> = drained.iter().map(|sums| (sums.len(), sums.iter().sum())).collect();
        assert_eq!(sums, [(3, 4950), (3, 0), (3, 3)]);
        assert_eq!((rest.len(), rest.iter().sum()), (3, 4953));
    });
}

#[test]
fn marks_pass_zips() {
    everywhere(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe -> replicated fork { processor(|x| x) -> pipe, processor(|x| x)
                -> pipe -> processor(|x| x) -> pipe, pipe } -> join zip
                -> processor(|(a, b, c)| a + b + c) -> pipe -> processor(Batches::default())
        };
        assert_eq!(batches(graph, context), (vec![vec![3 * 4950], vec![0], vec![9]], vec![3 * 4953]));
    });
}

struct Remember(&'static Mutex<Vec<String>>);
impl Sink for Remember {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        self.0.lock().unwrap().push(x.to_string());
        Ok(())
    }
    fn flush(&mut self) -> Result<()> {
        self.0.lock().unwrap().push("flush".to_owned());
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        self.0.lock().unwrap().push("finish".to_owned());
        Ok(())
    }
}

#[test]
fn a_drain_waits_for_the_sinks() {
    in_one_process(|context| {
        static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
        SEEN.lock().unwrap().clear();
        let chain = pipeline! { <u64 -> ()>; processor(|x| x) -> pipe -> sink(Remember(&SEEN)) };
        let mut run = chain.context(context).start().unwrap();
        for x in 0..3 {
            run.send(x).unwrap();
            assert_eq!(run.drain().count(), 0);
            assert_eq!(SEEN.lock().unwrap()[2 * x as usize..], [x.to_string(), "flush".to_owned()]);
        }
        run.finish().unwrap();
        assert_eq!(SEEN.lock().unwrap().last().unwrap(), "finish");
    });
}

#[test]
fn a_drain_of_a_full_pipeline() {
    everywhere(|context| {
        let row = pipeline! {
            <u64 -> u64>;
            processor(|x| x) -> pipe(2) -> processor(|x| x) -> pipe(2) -> processor(|x| x) -> pipe(2)
        };
        let mut run = row.context(context).start().unwrap();
        let mut sent = 0;
        while run.try_send(sent).is_ok() {
            sent += 1;
        }
        assert!(sent >= 2);
        let drained = run.drain().collect::<Result<Vec<_>, Error>>().unwrap();
        assert_eq!(drained, (0..sent).collect::<Vec<u64>>());
    });
}

/// A message at a time, for ever.
struct Endless(u64);
impl Processor for Endless {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        self.0 += 1;
        Ok(x + self.0)
    }
}

#[test]
fn a_source_passes_marks_where_it_is() {
    everywhere(|context| {
        let graph = pipeline! {
            <() -> u64>;
            source(0_u64..) -> pipe -> processor(Endless(0)) -> pipe -> processor(|x| x)
        };
        let mut run = graph.context(context).start().unwrap();
        let first = run.drain().collect::<Result<Vec<_>, Error>>().unwrap();
        let second = run.drain().collect::<Result<Vec<_>, Error>>().unwrap();
        let all: Vec<u64> = first.into_iter().chain(second).collect();
        assert_eq!(all, (0..all.len() as u64).map(|x| 2 * x + 1).collect::<Vec<u64>>());
        run.stop().unwrap();
    });
}

/// Slower than what feeds it: its inlet is never empty.
fn slow(x: u64) -> u64 {
    (0..2000).fold(x, |x, _| std::hint::black_box(x))
}

#[test]
fn marks_pass_where_messages_never_cease() {
    everywhere(|context| {
        let graph = pipeline! {
            <() -> (u64, u64)>;
            source(0_u64..) -> pipe(100) -> balanced fork(2) { processor(slow) } -> pipe -> join ordered
                -> pipe -> replicated fork { processor(slow), processor(slow) } -> pipe -> join zip
        };
        let mut run = graph.context(context).start().unwrap();
        for _ in 0..2 {
            assert!(run.drain().all(|pair| pair.is_ok_and(|(one, two)| one == two)));
        }
        run.stop().unwrap();
    });
}
