//! What the serial and the threads context have in common.
//!
//! - `unit`: what runs as one; `assembly`: the channels between units; `script`: the wiring, which builds them
//! - `ends`: the caller's ends; `run`: what is known of the run; `panic`: what user code has panicked with

mod assembly;
mod ends;
mod panic;
mod run;
mod script;
mod unit;

pub(super) use assembly::assemble;
pub(super) use ends::{End, Head, PATIENCE};
pub(super) use panic::caught;
pub(super) use run::{Run, failed, panicked};
pub(super) use script::Script;
pub(super) use unit::{Unit, rows, single_stages};
