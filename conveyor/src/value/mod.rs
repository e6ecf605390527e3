//! Stages over values: what the serial and the threads context run. Messages move through crossbeam channels, one
//! channel for each group of readers of a lane; nothing is encoded.
//!
//! - `parcel`: what travels; `block`: in which company; `halt`: how everybody learns that the run is over
//! - `stillness`: whether anybody still does anything
//! - `brim`: what becomes of messages when a channel is full
//! - `outbox`: the writing end of a lane, with a `branch` for each channel; `intake`: its reading end, with the joins
//! - `stage`: what a context drives; `process` and `pump` are the two kinds; `row` counts what they do
//! - `kit`: all of these by type, for callers that know types only as facts
//!
//! Invariants:
//! - a channel has one producer, which alone decides whether there is room, and which messages are too many;
//! - a channel that is disconnected and empty means the end of its stream, unless the run has been halted: the halt is
//!   always called before anything is dropped;
//! - flush marks travel beside the messages: a lane notes them when it has written everything before them, and the
//!   reader minds them when its channels are empty.
//!
//! This layer knows elements and messages, not the graph and not the contexts.

mod block;
mod branch;
mod brim;
mod halt;
mod intake;
mod kit;
mod order;
mod outbox;
mod parcel;
mod process;
mod pump;
mod row;
mod stage;
mod stillness;

pub(crate) use brim::{Brim, Dropped};
pub(crate) use halt::Halt;
pub(crate) use intake::{Gather, GatherParts, Intake, Next, Notes, Streams};
pub(crate) use kit::{AnyPort, InletKit, Kit, Member, RingKit, copier, typed};
pub(crate) use order::{Build, Job, Order, Ports};
pub(crate) use outbox::{Offer, Outbox};
pub(crate) use row::{Meter, Rest, Row, divide_work};
pub(crate) use stage::{Stage, Turn};
pub(crate) use stillness::{Asker, Stillness};
