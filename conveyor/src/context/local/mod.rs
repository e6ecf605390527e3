//! What the serial and the threads context have in common.
//!
//! - `assembly`: the channels between lanes; `script`: the wiring, which builds what runs on a lane
//! - `ends`: the caller's ends; `run`: what is known of the run; `panic`: what user code has panicked with

mod assembly;
mod ends;
mod panic;
mod run;
mod script;

pub(super) use assembly::assemble;
pub(super) use ends::{End, Head, PATIENCE};
pub(crate) use panic::caught;
pub(super) use run::{Run, failed, panicked};
pub(super) use script::Script;
