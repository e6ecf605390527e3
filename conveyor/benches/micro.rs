//! Small parts of the path of a message, each on its own, timed by divan: `cargo bench -p conveyor --features bench --bench
//! micro`. How they compare with other libraries is measured by the crate in `peers`.

use conveyor::private::{Encoded, run_alone};
use conveyor::{Context, Message, pipeline};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

const COUNT: usize = 10_000;

fn main() {
    divan::main();
}

fn text() -> String {
    "a word or two, ".repeat(70)
}

fn floats() -> Vec<f32> {
    (0..1 << 16).map(|index| index as f32 / 3.0).collect()
}

/// A string, an option, 64 floats, 20 words.
type Record = (String, Option<u64>, Vec<f32>, Vec<String>);

fn record() -> Record {
    let words = (0..20).map(|index| "conveyor"[..1 + index % 8].to_owned());
    ("a name of medium length".into(), Some(1 << 33), floats()[..64].to_vec(), words.collect())
}

fn encode<T: Message>(bencher: Bencher, value: &T) {
    let mut encoded = Encoded::default();
    bencher.bench_local(|| encoded.write(black_box(value)));
}

fn decode<T: Message>(bencher: Bencher, value: &T) {
    let encoded = Encoded::of(value).expect("it can be encoded");
    bencher.bench_local(|| encoded.decode::<T>());
}

#[divan::bench]
fn encode_text(bencher: Bencher) {
    encode(bencher, &text());
}

#[divan::bench]
fn decode_text(bencher: Bencher) {
    decode(bencher, &text());
}

#[divan::bench]
fn encode_floats(bencher: Bencher) {
    encode(bencher, &floats());
}

#[divan::bench]
fn decode_floats(bencher: Bencher) {
    decode(bencher, &floats());
}

#[divan::bench]
fn encode_record(bencher: Bencher) {
    encode(bencher, &record());
}

#[divan::bench]
fn decode_record(bencher: Bencher) {
    decode(bencher, &record());
}

/// On the rings of processes, but in one thread; with the making of the rings.
#[divan::bench]
fn source_to_sink(bencher: Bencher) {
    let row = pipeline! {
        source(0..COUNT as u64) -> pipe(COUNT) -> sink(|x: u64| {
            black_box(x);
        });
    };
    bencher.counter(ItemsCount::new(COUNT)).bench_local(|| run_alone(&row));
}

#[divan::bench]
fn serial_relay(bencher: Bencher) {
    let relay = pipeline! {
        source(0..COUNT as u64) -> pipe -> processor(|x: u64| x + 1) -> pipe -> processor(|x: u64| x * 3) -> pipe
            -> sink(|x: u64| {
                black_box(x);
            });
    }
    .context(Context::Serial);
    bencher.counter(ItemsCount::new(COUNT)).bench_local(|| relay.run_to_end(()));
}
