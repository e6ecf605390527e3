//! A worker: one stage of a pipeline, or several that are fused, run over rings.
//!
//! - `enter`: the main function of a worker process
//! - `briefing`: what the caller tells it; `assemble`: its lane
//! - `stage`: the loops of processors and sinks, `source`: that of sources; `keeper`: when they save their state

mod assemble;
mod briefing;
mod enter;
mod keeper;
mod source;
mod stage;

pub(crate) use assemble::{Side, assemble, patience};
pub(crate) use briefing::Briefing;
pub(crate) use enter::{FAILED, main};
pub(crate) use source::pump;
pub(crate) use stage::process;
