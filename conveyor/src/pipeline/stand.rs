//! The project's own proofs drive a pipeline's lanes by hand.

use super::Pipeline;
use crate::context::Stand;
use crate::{Error, Message};

/// A run of which nothing has happened; its positions start at `origin`.
///
/// # Errors
/// When memory cannot be had, or the pipeline can never run.
pub fn stand<In: Message, Out: Message>(
    pipeline: &Pipeline<In, Out>,
    origin: u64,
) -> Result<Stand<'_, In, Out>, Error> {
    Stand::new(pipeline.declared()?, origin)
}
