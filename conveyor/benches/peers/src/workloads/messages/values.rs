//! What is encoded.

use conveyor::Message;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use wincode::config::DefaultConfig;
use wincode::{SchemaReadOwned, SchemaWrite};

/// Known to every codec.
pub trait Everywhere:
    Message
    + Serialize
    + DeserializeOwned
    + bitcode::Encode
    + bitcode::DecodeOwned
    + SchemaWrite<DefaultConfig, Src = Self>
    + SchemaReadOwned<DefaultConfig, Dst = Self>
    + PartialEq
    + Debug
{
    fn sample() -> Self;
}

/// 1 KiB of text.
pub type Text = String;

/// 64 Ki floats.
pub type Floats = Vec<f32>;

/// Fields of fixed size, with padding between them and a type that is checked.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Message,
    Serialize,
    Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    wincode::SchemaWrite,
    wincode::SchemaRead,
)]
pub struct Fixed {
    pub id: u64,
    pub time: u64,
    pub price: f64,
    pub amount: f64,
    pub venue: u32,
    pub kind: u8,
    pub buys: bool,
    pub limit: Option<f64>,
}

/// 1000 of them.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Message,
    Serialize,
    Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    wincode::SchemaWrite,
    wincode::SchemaRead,
)]
pub struct Rows(pub Vec<Fixed>);

/// A string, an option, 64 floats, 20 words.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Message,
    Serialize,
    Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    wincode::SchemaWrite,
    wincode::SchemaRead,
)]
pub struct Record {
    pub name: String,
    pub reply_to: Option<u64>,
    pub scores: Vec<f32>,
    pub words: Vec<String>,
}

/// 300 kB of pixels.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Message,
    Serialize,
    Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    wincode::SchemaWrite,
    wincode::SchemaRead,
)]
pub struct Frame {
    pub number: u64,
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

impl Everywhere for Text {
    fn sample() -> Self {
        "a word or two, ".chars().cycle().take(1024).collect()
    }
}

impl Everywhere for Floats {
    fn sample() -> Self {
        (0..1 << 16).map(|index| index as f32 / 3.0).collect()
    }
}

impl Everywhere for Fixed {
    fn sample() -> Self {
        Fixed {
            id: 7,
            time: 1 << 40,
            price: 1.5,
            amount: 2e9,
            venue: 3,
            kind: 4,
            buys: true,
            limit: Some(2.5),
        }
    }
}

impl Everywhere for Rows {
    fn sample() -> Self {
        Rows((0..1000).map(|id| Fixed { id, ..Fixed::sample() }).collect())
    }
}

impl Everywhere for Record {
    fn sample() -> Self {
        let words = (0..20).map(|index| "conveyor"[..1 + index % 8].to_owned());
        Record {
            name: "a name of medium length".into(),
            reply_to: Some(1 << 33),
            scores: (0..64).map(|index| index as f32 / 3.0).collect(),
            words: words.collect(),
        }
    }
}

impl Everywhere for Frame {
    fn sample() -> Self {
        let pixels = (0..300_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8);
        Frame { number: 12, width: 400, height: 750, pixels: pixels.collect() }
    }
}
