//! Buffers of several arrays, which producers fill in place and the caller reads in place.

use crate::harness::Place;
use conveyor::{Chunk, Failure, Message, Pool, Processor, Result, pipeline};

in_every_context! {
    buffers_of_several_arrays_come_in_order an_error_of_a_producer_reaches_the_caller
}

const LEN: usize = 1000;

#[derive(Message)]
struct Buffer {
    number: u64,
    samples: Chunk<f64>,
    labels: Chunk<u8>,
}

impl Buffer {
    fn is_whole(&self) -> bool {
        let filled = self.samples.iter().all(|sample| *sample == self.number as f64);
        filled && self.labels.iter().all(|label| *label == self.number as u8)
    }
}

struct Producer {
    samples: Pool<f64>,
    labels: Pool<u8>,
    fails_at: u64,
}

impl Processor for Producer {
    type In = u64;
    type Out = Buffer;
    fn process(&mut self, number: u64) -> Result<Buffer> {
        let (mut samples, mut labels) = (self.samples.take()?, self.labels.take()?);
        if number == self.fails_at {
            return Err(Failure::new("no data"));
        }
        samples.fill(number as f64);
        labels.fill(number as u8);
        Ok(Buffer { number, samples, labels })
    }
}

/// As many as the caller wants: those that it has taken come back when it drops them.
fn numbers(place: Place, fails_at: u64) -> (Vec<u64>, Option<conveyor::Error>) {
    let buffers = pipeline! {
        <u64 -> Buffer>(fails_at: u64);
        pool samples(12) of [f64; LEN];
        pool labels(12) of [u8; 2 * LEN];
        processor producer = Producer { samples: samples.clone(), labels: labels.clone(), fails_at: *fails_at };
        processor(|x: u64| x) -> pipe(2) -> balanced fork(2) { producer } -> pipe(2) -> join ordered;
    };
    let (mut numbers, mut run) = (Vec::new(), place.of(buffers).run(0..200));
    for buffer in &mut run {
        match buffer {
            Ok(buffer) => {
                assert!(buffer.is_whole(), "buffer {}", buffer.number);
                numbers.push(buffer.number);
            }
            Err(error) => {
                assert!(run.next().is_none(), "nothing comes after an error");
                return (numbers, Some(error));
            }
        }
    }
    (numbers, None)
}

fn buffers_of_several_arrays_come_in_order(place: Place) {
    let (numbers, error) = numbers(place, u64::MAX);
    assert!(numbers.into_iter().eq(0..200) && error.is_none());
}

fn an_error_of_a_producer_reaches_the_caller(place: Place) {
    let (numbers, error) = numbers(place, 150);
    let error = error.expect("it comes instead of the buffer");
    assert_eq!((error.processor(), error.cause()), (Some("producer"), "no data"), "{error}");
    assert!(numbers.len() <= 150 && numbers.iter().copied().eq(0..numbers.len() as u64), "{numbers:?}");
}
