//! Messages into bytes and back: our codec, and those of others.

mod codecs;
mod values;

use super::{Outcome, System, system};
use crate::clock::now_ns;
use crate::scale::Scale;
use crate::usage::Spent;
use codecs::{Bitcode, BitcodeSerde, Codec, Conveyor, Postcard, Wincode};
use std::hint::black_box;
use values::{Everywhere, Fixed, Floats, Frame, Record, Rows, Text};

/// About what one run takes.
const RUN_NS: u64 = 100_000_000;

/// Encodes the sample again and again, for about as long as every other codec does.
fn encode<T: Everywhere, C: Codec<T> + Default>(scale: Scale) -> Outcome {
    let (value, mut codec) = (T::sample(), C::default());
    codec.encode(&value);
    assert_eq!(codec.decode(), value);
    repeated(scale, || codec.encode(black_box(&value)))
}

fn decode<T: Everywhere, C: Codec<T> + Default>(scale: Scale) -> Outcome {
    let (value, mut codec) = (T::sample(), C::default());
    codec.encode(&value);
    let outcome = repeated(scale, || drop(black_box(codec.decode())));
    assert_eq!(codec.decode(), value);
    outcome
}

/// Looks at it where it lies, which only ours can.
fn view<T: Everywhere>(scale: Scale) -> Outcome {
    let mut codec = Conveyor::default();
    codec.encode(&T::sample());
    assert_eq!(Codec::<T>::decode(&mut codec), T::sample());
    repeated(scale, || codec.view::<T>())
}

fn repeated(scale: Scale, mut work: impl FnMut()) -> Outcome {
    let mut timed = |calls: u64| {
        let began = now_ns();
        (0..calls).for_each(|_| work());
        now_ns() - began
    };
    let mut calls = 1;
    while timed(calls) < RUN_NS / 100 {
        calls *= 2;
    }
    let once_ns = timed(calls) / calls;
    let calls = scale.items(RUN_NS) / once_ns.max(1) + 1;
    let taken_ns = timed(calls);
    Outcome::new(Spent::taking(taken_ns as f64 / 1e9), calls)
}

const fn encoders<T: Everywhere>() -> [System; 5] {
    [
        system("conveyor", "codec", encode::<T, Conveyor>),
        system("wincode", "codec", encode::<T, Wincode>),
        system("bitcode", "codec", encode::<T, Bitcode>),
        system("postcard", "codec", encode::<T, Postcard>),
        system("bitcode-serde", "codec", encode::<T, BitcodeSerde>),
    ]
}

const fn decoders<T: Everywhere>() -> [System; 6] {
    [
        system("conveyor", "codec", decode::<T, Conveyor>),
        system("ours-in-place", "codec", view::<T>),
        system("wincode", "codec", decode::<T, Wincode>),
        system("bitcode", "codec", decode::<T, Bitcode>),
        system("postcard", "codec", decode::<T, Postcard>),
        system("bitcode-serde", "codec", decode::<T, BitcodeSerde>),
    ]
}

pub const ENCODE_TEXT: &[System] = &encoders::<Text>();
pub const DECODE_TEXT: &[System] = &decoders::<Text>();
pub const ENCODE_FLOATS: &[System] = &encoders::<Floats>();
pub const DECODE_FLOATS: &[System] = &decoders::<Floats>();
pub const ENCODE_FIXED: &[System] = &encoders::<Fixed>();
pub const DECODE_FIXED: &[System] = &decoders::<Fixed>();
pub const ENCODE_ROWS: &[System] = &encoders::<Rows>();
pub const DECODE_ROWS: &[System] = &decoders::<Rows>();
pub const ENCODE_RECORD: &[System] = &encoders::<Record>();
pub const DECODE_RECORD: &[System] = &decoders::<Record>();
pub const ENCODE_FRAME: &[System] = &encoders::<Frame>();
pub const DECODE_FRAME: &[System] = &decoders::<Frame>();
