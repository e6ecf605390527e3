//! A worker: one stage of a pipeline, run over rings.

mod stage;

pub(crate) use stage::{process, pump};
