//! Rings: the one kind of queue between processes.
//!
//! - `record`: all positions of one lane, committed by one store
//! - `claim`: how the lanes of a balanced fork share a ring; `width`: how many of them do
//! - `bell`: sleeping and waking; `patience`: what comes before sleeping; `stillness`: whether anybody is still awake
//! - `arena`: where a message of variable size goes
//! - `slots`, `tags`: a ring's memory
//! - `span`: a run of readable slots
//! - `writer`, `reader`: the two ends of a ring
//! - `values`: what stands where in a record
//! - `when_full`: what becomes of messages when a ring is full

pub(crate) mod arena;
pub(crate) mod bell;
pub(crate) mod claim;
#[cfg(all(test, loom))]
mod model_tests;
pub(crate) mod patience;
pub(crate) mod reader;
pub(crate) mod record;
pub(crate) mod slots;
mod span;
pub(crate) mod stillness;
pub(crate) mod tags;
pub(crate) mod values;
mod when_full;
pub(crate) mod width;
pub(crate) mod writer;

pub(crate) use span::Place;
pub use span::Span;
pub use when_full::WhenFull;
