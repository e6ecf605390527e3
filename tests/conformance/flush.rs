//! `drain`: a batch ends, and the processors keep their state for the next one.

use super::elements::ToFile;
use crate::harness::{Place, Scratch, numbers_in, sorted};
use conveyor::{Expand, Outlet, Result, Running, pipeline};
use std::path::PathBuf;

in_every_context! {
    state_stays_between_batches every_processor_is_flushed_once_a_batch finish_is_not_called
    batches_through_forks_and_joins empty_batches sinks_are_flushed a_source_beside_the_batches
    a_dropped_drain_leaves_the_rest
}

fn drained<Out: conveyor::Message>(running: &mut Running<u64, Out>) -> Vec<Out> {
    running.drain().collect::<std::result::Result<_, _>>().expect("the run goes on")
}

fn send_all<Out: conveyor::Message>(
    running: &mut Running<u64, Out>,
    messages: impl IntoIterator<Item = u64>,
) {
    for message in messages {
        running.send(message).expect("there is room");
    }
}

fn state_stays_between_batches(place: Place) {
    let sums = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> processor({
            let mut sum = 0;
            move |x| { sum += x; sum }
        })
    };
    let mut running = place.of(sums).start().expect("it starts");
    let mut sum = 0;
    for batch in 0..20 {
        let messages = batch * 10..(batch + 1) * 10;
        send_all(&mut running, messages.clone());
        let expected: Vec<u64> = messages
            .map(|x| {
                sum += x;
                sum
            })
            .collect();
        assert_eq!(drained(&mut running), expected, "batch {batch}");
    }
    let (rest, _) = running.finish().expect("it ends well");
    assert!(rest.is_empty());
}

/// Tells a number that no message has when it is flushed, and another one at the end.
struct Marks;
const FLUSHED: u64 = 1_000_000;
const FINISHED: u64 = 2_000_000;
impl Expand for Marks {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(x)
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(FLUSHED)
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(FINISHED)
    }
}

fn every_processor_is_flushed_once_a_batch(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor(Marks) -> pipe(4) -> processor(Marks) };
    let mut running = place.of(row).start().expect("it starts");
    for batch in 0..5 {
        send_all(&mut running, [batch]);
        assert_eq!(drained(&mut running), [batch, FLUSHED, FLUSHED], "batch {batch}");
    }
    assert_eq!(running.finish().expect("it ends well").0, [FINISHED, FINISHED]);
}

fn finish_is_not_called(place: Place) {
    let farmed = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> balanced fork(2) { processor(Marks) } -> pipe -> join merge
    };
    let mut running = place.of(farmed).start().expect("it starts");
    send_all(&mut running, 0..10);
    let outputs = sorted(drained(&mut running));
    assert_eq!(outputs, (0..10).chain([FLUSHED, FLUSHED]).collect::<Vec<_>>());
    assert_eq!(running.finish().expect("it ends well").0, [FINISHED, FINISHED]);
}

fn batches_through_forks_and_joins(place: Place) {
    let pairs = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x) -> pipe -> replicated fork {
            processor(|x| x + 1),
            pipe -> balanced fork(2) { processor(|x| x * 2) } -> pipe -> join ordered,
        } -> pipe -> join zip
    };
    let mut running = place.of(pairs).start().expect("it starts");
    for batch in 0..50 {
        let messages = batch * 7..batch * 7 + batch % 13;
        send_all(&mut running, messages.clone());
        let expected: Vec<_> = messages.map(|x| (x + 1, x * 2)).collect();
        assert_eq!(drained(&mut running), expected, "batch {batch}");
    }
    let merged = pipeline! {
        <u64 -> u64>;
        processor(|x| x) -> pipe -> replicated fork {
            filter(|x| x % 2 == 0), flat_map(|x| vec![x; (x % 3) as usize]), processor(|x| x)
        } -> pipe -> join merge -> pipe -> processor(|x| x)
    };
    let mut running = place.of(merged).start().expect("it starts");
    for batch in 0..20 {
        let messages = batch * 10..batch * 10 + 10;
        send_all(&mut running, messages.clone());
        let expected = messages.flat_map(|x| vec![x; 1 + usize::from(x % 2 == 0) + (x % 3) as usize]);
        assert_eq!(sorted(drained(&mut running)), expected.collect::<Vec<_>>(), "batch {batch}");
    }
}

fn empty_batches(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(1) -> filter(|x| x % 2 == 1) };
    let mut running = place.of(row).start().expect("it starts");
    for _ in 0..10 {
        assert!(drained(&mut running).is_empty());
    }
    send_all(&mut running, [2, 4]);
    assert!(drained(&mut running).is_empty());
    send_all(&mut running, [1]);
    assert_eq!(drained(&mut running), [1]);
}

fn sinks_are_flushed(place: Place) {
    let scratch = Scratch::new();
    let file = scratch.file("numbers");
    let row = pipeline! {
        <u64 -> ()>(file: PathBuf = file.clone());
        processor(|x| x) -> pipe -> sink(ToFile::create(file)?)
    };
    let mut running = place.of(row).start().expect("it starts");
    for batch in 1..5 {
        send_all(&mut running, (batch - 1) * 100..batch * 100);
        assert!(drained(&mut running).is_empty());
        assert_eq!(
            numbers_in(&file),
            (0..batch * 100).collect::<Vec<_>>(),
            "the sink has seen batch {batch}"
        );
    }
    running.finish().expect("it ends well");
}

fn a_source_beside_the_batches(place: Place) {
    let both = pipeline! {
        <u64 -> u64>;
        source few = 1000..1003_u64;
        join merge all;
        processor(|x| x) -> pipe -> all;
        few -> pipe -> all;
        all -> processor(|x| x);
    };
    let mut running = place.of(both).start().expect("it starts");
    let mut outputs = Vec::new();
    for batch in 0..3 {
        send_all(&mut running, [batch]);
        outputs.extend(drained(&mut running));
        assert!(outputs.contains(&batch), "batch {batch} has come out: {outputs:?}");
    }
    outputs.extend(running.finish().expect("it ends well").0);
    assert_eq!(sorted(outputs), [0, 1, 2, 1000, 1001, 1002]);
}

fn a_dropped_drain_leaves_the_rest(place: Place) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(|x| x) };
    let mut running = place.of(row).start().expect("it starts");
    send_all(&mut running, 0..10);
    assert_eq!(running.drain().next().expect("there is one").expect("the run goes on"), 0);
    send_all(&mut running, 10..20);
    assert_eq!(running.recv().expect("there is one"), 1);
    assert_eq!(drained(&mut running), (2..20).collect::<Vec<_>>());
}
