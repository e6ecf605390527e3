//! The project's own benches run a pipeline in one thread, on the rings of processes, to count its instructions.

use super::Pipeline;
use crate::{Error, Message, context};

/// Runs each stage in turn, from its beginning to its end, in the calling thread. The ends are closed, and each pipe holds
/// all messages of the run: a stage that found no room would wait for ever.
///
/// # Errors
/// When memory cannot be had, a stage fails, or an end is open.
pub fn run_alone<In: Message, Out: Message>(pipeline: &Pipeline<In, Out>) -> Result<(), Error> {
    context::run_alone(pipeline.declared()?)
}
